import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { LiveLines } from "../live/live-lines.ts";
import type { LiveListener, LiveSource, SourcePosition } from "../live/live-source.ts";
import type { MqttAddress } from "./mqtt-address.ts";
import { MqttRun, type MqttSession } from "./mqtt-run.ts";
import { RecentMessages } from "./recent-messages.ts";
import { TopicPattern } from "./topic-pattern.ts";

/** Other sensors may send less often than the first one. */
const FIRST_LINES_MS = 10_000;

/** Settings of an {@link MqttSource}. */
export interface MqttOptions extends Omit<MqttSession, "label" | "clientId" | "pattern"> {
  /** Undefined: made from the machine, the working directory and the address, so that a restart has the same. */
  readonly clientId: string | undefined;
  /** Names of the levels of topics; undefined: none. */
  readonly pattern: string | undefined;
}

/** Topics of a broker as a {@link LiveSource}. Its position holds the last messages, which the broker may repeat. */
export class MqttSource implements LiveSource {
  readonly label: string;
  readonly stem: string;
  readonly isDevice = false;
  readonly path = null;
  readonly firstLinesMs = FIRST_LINES_MS;
  readonly #session: MqttSession;

  /** @param cwd Part of the client id, so that two projects on a machine have sessions of their own. */
  constructor(options: MqttOptions, cwd: string) {
    const { address, filters } = options;
    this.label = labelOf(address, filters);
    this.stem = stemOf(address, filters);
    const { clientId = idOf(this.label, cwd), pattern, ...session } = options;
    this.#session = {
      ...session,
      ...{ label: this.label, clientId },
      pattern: pattern === undefined ? null : new TopicPattern(pattern),
    };
  }

  /**
   * @throws {IotmonError} `ERR_PERMISSION` if the broker refuses user, password or a topic at the start,
   * `ERR_UNAVAILABLE` if it refuses the protocol, `ERR_NO_INPUT` or `ERR_PERMISSION` if a file of the settings can't be
   * read.
   */
  async run(
    listener: LiveListener,
    from: SourcePosition | null,
    signal: AbortSignal,
  ): Promise<void> {
    const lines = new LiveLines(listener, Number(from?.["line"] ?? 0));
    const recent = new RecentMessages(this.#session.mostUnacknowledged, from, performance.now());
    await new MqttRun(this.#session, lines, recent, signal, from !== null).go();
  }
}

function labelOf(address: MqttAddress, filters: readonly string[]): string {
  const { shown, filter } = address;
  return filter === null ? `${shown}/${filters.join(",")}` : shown;
}

/** The levels of the first topic before its wildcards; without any, the host. */
function stemOf({ host }: MqttAddress, [first = ""]: readonly string[]): string {
  const levels = first.split("/");
  const wild = levels.findIndex((level) => /^[+#]$/.test(level));
  const fixed = levels.slice(0, wild < 0 ? levels.length : wild).filter((level) => level !== "");
  return (fixed.length === 0 ? host : fixed.join("-")).replace(/[^\w.-]+/g, "-");
}

/** At most 23 characters, which every broker accepts. */
function idOf(label: string, cwd: string): string {
  const hash = createHash("sha256").update([hostname(), cwd, label].join("\n")).digest("hex");
  return `iotmon-${hash.slice(0, 16)}`;
}
