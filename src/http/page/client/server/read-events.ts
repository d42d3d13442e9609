/** A server-sent event. */
export interface ServerEvent {
  /** Empty if there is none. */
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** Parses server-sent events from chunks of text, which may be cut anywhere. */
export class EventReader {
  #rest = "";
  #id = "";
  #type = "";
  #data: string[] = [];

  /** Adds a chunk and returns the events that it completes. */
  read(chunk: string): readonly ServerEvent[] {
    const lines = (this.#rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): ServerEvent[] {
    if (line === "") return this.#finish();
    const [, field = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "id") this.#id = value;
    else if (field === "event") this.#type = value;
    else if (field === "data") this.#data.push(value);
    return [];
  }

  #finish(): ServerEvent[] {
    const event = { id: this.#id, type: this.#type || "message", data: this.#data.join("\n") };
    const isEmpty = this.#data.length === 0;
    this.#type = "";
    this.#data = [];
    return isEmpty ? [] : [event];
  }
}
