/** Parts of `mqtts://user:password@host:8883/sensors/#`. */
export interface MqttAddress {
  readonly protocol: "mqtt" | "mqtts";
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Topic filter of the path; null: the address ends with the host. */
  readonly filter: string | null;
  /** The address without user and password. */
  readonly shown: string;
}

const ADDRESS =
  /^(mqtts?):\/\/(?:([^/@:]*)(?::([^/@]*))?@)?(\[[\da-f:.]+\]|[^/:@[\]\s?#]+)(?::(\d{1,5}))?(?:\/(.*))?$/is;
const PORTS = { mqtt: 1883, mqtts: 8883 };
const MAX_PORT = 65_535;
const MAX_TOPIC_BYTES = 65_535;

/** Whether a text is meant as the address of a broker. */
export function isMqttAddress(text: string): boolean {
  return /^mqtts?:\/\//i.test(text);
}

/** Parses the address of a broker, whose path may be a topic filter as it is written in MQTT. Null: it is none. */
export function parseMqttAddress(text: string): MqttAddress | null {
  const [, scheme = "", user, pass, name = "", given, filter = ""] = ADDRESS.exec(text) ?? [];
  if (name === "") return null;
  const protocol = scheme.toLowerCase() as MqttAddress["protocol"];
  const port = given === undefined ? PORTS[protocol] : Number(given);
  if (port === 0 || port > MAX_PORT) return null;
  const [username, password] = [decoded(user), decoded(pass)];
  if (username === null || password === null) return null;
  return {
    ...{ protocol, port, username, password },
    host: name.replace(/^\[|\]$/g, ""),
    filter: filter === "" ? null : filter,
    shown: `${protocol}://${name}${given === undefined ? "" : `:${given}`}${filter === "" ? "" : `/${filter}`}`,
  };
}

/** Null: a `%` begins no code of a byte. */
function decoded(text: string | undefined): string | undefined | null {
  try {
    return text === undefined || text === "" ? undefined : decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** What is wrong with a topic filter, a phrase, and what to write instead; null: nothing. */
export function filterFault(filter: string): { wrong: string; hint: string } | null {
  if (/^\$share(?:\/|$)/.test(filter)) {
    return {
      wrong: "is a shared subscription, which splits the readings of a sensor",
      hint: "Name its topics without $share and the name of the group",
    };
  }
  if (filter === "" || filter.includes("\0") || Buffer.byteLength(filter) > MAX_TOPIC_BYTES) {
    return { wrong: "must be a topic of 1 to 65535 bytes", hint: "All topics are: #" };
  }
  const levels = filter.split("/");
  const wrong = levels.findIndex(
    (level, i) =>
      (/[+#]/.test(level) && level.length > 1) || (level === "#" && i < levels.length - 1),
  );
  if (wrong < 0) return null;
  const level = levels[wrong] as string;
  const instead = [...levels.slice(0, wrong), level === "#" || level.includes("+") ? "+" : "#"];
  if (instead.at(-1) === "+") instead.push(...levels.slice(wrong + 1));
  const hint = `+ stands for one whole level, # for all levels at the end. Did you mean "${instead.join("/")}"?`;
  return { wrong: `has a wildcard that is not a whole level: "${level}"`, hint };
}

/** Tests whether a topic matches one of the filters. As in MQTT, a wildcard at the start matches no topic with `$`. */
export function topicTest(filters: readonly string[]): (topic: string) => boolean {
  const expressions = filters.map((filter) => {
    const levels = filter.split("/").map((level) => {
      if (level === "+") return "[^/]*";
      return level === "#" ? ".*" : level.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    });
    // `a/#` matches `a`, too
    const whole = levels.join("/").replace(/\/\.\*$/, "(?:/.*)?");
    return new RegExp(`^${/^[+#]/.test(filter) ? "(?!\\$)" : ""}${whole}$`, "s");
  });
  return (topic) => expressions.some((expression) => expression.test(topic));
}
