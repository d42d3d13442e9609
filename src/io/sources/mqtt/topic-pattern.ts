/** Part of a pattern that names the column of a single value. */
const COLUMN = "column";
const PART = /^\{([A-Za-z_]\w*)\}$/;

/** The parts of a topic, by the names of a pattern. */
export interface TopicParts {
  /** Columns of the reading. */
  readonly fields: Readonly<Record<string, string>>;
  /** Column of a single value; null: the pattern has no `{column}`. */
  readonly column: string | null;
}

/** A pattern such as `site/{site}/{sensor_id}/{column}`, which names levels of topics. */
export class TopicPattern {
  readonly #levels: readonly string[];

  /** @param text Checked with {@link patternFault}. */
  constructor(text: string) {
    this.#levels = text.split("/");
  }

  /** The topic filter that matches the same topics. */
  get filter(): string {
    return this.#levels.map((level) => (PART.test(level) ? "+" : level)).join("/");
  }

  /** @returns Null: the topic does not match. */
  match(topic: string): TopicParts | null {
    const levels = topic.split("/");
    const isOpen = this.#levels.at(-1) === "#";
    const least = this.#levels.length - (isOpen ? 1 : 0);
    if (isOpen ? levels.length < least : levels.length !== least) return null;
    const fields: Record<string, string> = {};
    let column: string | null = null;
    for (let i = 0; i < least; i++) {
      const [wanted, level] = [this.#levels[i] as string, levels[i] as string];
      const [, name] = PART.exec(wanted) ?? [];
      if (name === COLUMN) column = level;
      else if (name !== undefined) fields[name] = level;
      else if (wanted !== "+" && wanted !== level) return null;
    }
    return { fields, column };
  }
}

/** What is wrong with a pattern, a phrase; null: nothing. */
export function patternFault(text: string): string | null {
  const levels = text.split("/");
  const names = levels.flatMap((level) => PART.exec(level)?.[1] ?? []);
  if (levels.some((level) => /[{}]/.test(level) && !PART.test(level))) {
    return "must have names such as {sensor_id} that are a whole level";
  }
  if (levels.some((level, i) => level.includes("#") && (level !== "#" || i < levels.length - 1))) {
    return "must have # only as its last level";
  }
  if (new Set(names).size < names.length) return "must name each part once";
  return names.length === 0 ? "must name a part, such as sensors/{sensor_id}/{column}" : null;
}
