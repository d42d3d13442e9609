import { file } from "./file.ts";
import { http } from "./http.ts";
import { mqtt } from "./mqtt/mqtt.ts";
import { serial } from "./serial/serial.ts";
import type { SourceType } from "./source-type.ts";
import { stdin } from "./stdin.ts";

/** All types of source. A new type needs one file, and one line here. */
export const sourceTypes = [file, stdin, serial, mqtt, http] as const;

/** Name of a type of source. */
export type SourceTypeName = (typeof sourceTypes)[number]["type"];

/** A type of source by its name. */
export function sourceTypeOf(name: SourceTypeName): SourceType {
  return sourceTypes.find(({ type }) => type === name) as SourceType;
}

/** The type of source of a special name such as `-`; null: the pipeline decides, else it is a file. */
export function namedSourceType(name: string): SourceType | null {
  return sourceTypes.find((type) => type.isNamed(name)) ?? null;
}
