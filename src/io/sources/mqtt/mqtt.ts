import { z } from "zod";
import { IotmonError } from "../../../core/errors.ts";
import { text } from "../../setting-values.ts";
import { sourceType } from "../source-type.ts";
import { filterFault, isMqttAddress, parseMqttAddress } from "./mqtt-address.ts";
import { patternFault, TopicPattern } from "./topic-pattern.ts";

/** Messages that a broker may send before it needs an acknowledgement: as iotmon says with protocol 5, at most that of usual brokers with 4. */
const MOST_UNACKNOWLEDGED = { 4: 100, 5: 20 };

const url = text
  .refine((value) => !isMqttAddress(value) || parseMqttAddress(value) !== null, {
    error: "must have a host after // and a port from 1 to 65535",
  })
  .refine(isMqttAddress, { error: "must begin with mqtt:// or mqtts://" });

const topic = text.superRefine((value, context) => {
  const fault = filterFault(value);
  if (fault !== null) context.addIssue({ code: "custom", message: fault.wrong });
});

const pattern = text.superRefine((value, context) => {
  const fault = patternFault(value);
  if (fault !== null) context.addIssue({ code: "custom", message: fault });
});

/** Topics of MQTT brokers. */
export const mqtt = sourceType({
  type: "mqtt",
  fields: {
    url: url.describe("Address of the broker, e.g. mqtt://host:1883 or mqtts://host/sensors/#."),
    topics: z
      .union([topic.transform((one) => [one]), z.array(topic).min(1)])
      .optional()
      .describe(
        "Topics, with the wildcards + and #. By default the path of url, or those of topic.",
      ),
    topic: pattern
      .optional()
      .describe(
        "Names of the levels of a topic: site/{site}/{sensor_id}/{column}. Each is a column; {column} names that of a single value.",
      ),
    qos: z
      .union([z.literal(0), z.literal(1)], { error: "must be 0 or 1" })
      .default(1)
      .describe(
        "Quality of service. With 1, no message is lost while the broker keeps the session.",
      ),
    protocol: z
      .union([z.literal(4), z.literal(5)], { error: "must be 4 (MQTT 3.1.1) or 5" })
      .default(5)
      .describe("Version of MQTT: 4 is 3.1.1."),
    client_id: text
      .optional()
      .describe(
        "Name of the session. By default made from machine, working directory and address.",
      ),
    username: text.optional().describe("User."),
    password: text.optional().describe("Password; write it as a variable of the environment."),
    ca: text
      .optional()
      .describe("PEM file of the authority that signed the certificate of the broker."),
    cert: text.optional().describe("PEM file of the own certificate."),
    key: text.optional().describe("PEM file of the key of the own certificate."),
  },
  secrets: ["url", "password"],
  names: (settings) => [settings.url],
  isNamed: isMqttAddress,
  isRecorded: false,
  async open(name, settings, { cwd }) {
    const own = settings?.url === name ? settings : null; // never send a password to another broker
    const address = parseMqttAddress(name);
    if (address === null) {
      throw new IotmonError("ERR_USAGE", "this is not the address of a broker", {
        at: name.replace(/\/\/[^/]*@/, "//…@"),
        hint: "Write it as mqtt://host:1883/sensors/#",
      });
    }
    const { topic: levels, protocol = 5, qos = 1, client_id: clientId } = own ?? {};
    const given = address.filter === null ? [] : [address.filter];
    const named = levels === undefined ? [] : [new TopicPattern(levels).filter];
    const filters = own?.topics ?? (given.length > 0 ? given : named);
    checkFilters(filters, address.shown);
    const { MqttSource } = await import("./mqtt-source.ts");
    const options = {
      ...{ address, filters, qos, protocol, clientId, cwd, pattern: levels },
      ...{ username: own?.username, password: own?.password },
      files: { ca: own?.ca, cert: own?.cert, key: own?.key },
      mostUnacknowledged: MOST_UNACKNOWLEDGED[protocol],
    };
    return new MqttSource(options, cwd);
  },
});

function checkFilters(filters: readonly string[], at: string): void {
  if (filters.length === 0) {
    throw new IotmonError("ERR_USAGE", "the address names no topic", {
      at,
      hint: `Add the topics: ${at.replace(/\/$/, "")}/sensors/#, or ${at.replace(/\/$/, "")}/# for all`,
    });
  }
  for (const filter of filters) {
    const fault = filterFault(filter);
    if (fault !== null) {
      throw new IotmonError("ERR_USAGE", `the topic "${filter}" ${fault.wrong}`, {
        at,
        hint: fault.hint,
      });
    }
  }
}
