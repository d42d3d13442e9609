import { listPorts, type PortInfo } from "../../../io/sources/serial/list-ports.ts";
import type { CliContext } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import type { FormatOptions } from "../../options/kinds.ts";
import { createChalk } from "../../render/color.ts";
import { printable } from "../../render/format.ts";
import { plainTable } from "../../render/plain-table.ts";

/** `iotmon ports`. @returns The exit code. */
export async function runPorts(options: FormatOptions, context: CliContext): Promise<number> {
  const { stdout, stderr, env } = context;
  const ports = await listPorts();
  if (options.format === "json") stdout.write(`${JSON.stringify(ports, null, 2)}\n`);
  else if (ports.length > 0) {
    const color = createChalk(stdout, env, options.color);
    const head = ["PORT", "DEVICE", "ACCESS", "WHAT"];
    stdout.write(`${plainTable(head, ports.map(toRow), color).join("\n")}\n`);
  }
  if (ports.length === 0 && !options.quiet) stderr.write("no serial ports\n");
  return EXIT.ok;
}

function toRow({ name, device, permitted, description }: PortInfo): readonly string[] {
  return [name, device, permitted ? "yes" : "no", description].map(printable);
}
