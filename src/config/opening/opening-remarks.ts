import type { Layout } from "../../core/layout.ts";
import { dateTimeText } from "../../core/timestamp/iso-time.ts";
import { isRelativeFormat } from "../../core/timestamp/time-plan.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import { listNames } from "../../io/decoders/columns/profile-columns.ts";
import type { InputProfile, Remark } from "../../io/decoders/input-profile.ts";
import { numberTexts } from "../../io/messages/number-text.ts";
import { spanText } from "../../io/messages/span-text.ts";
import { metersOf } from "../resolve/columns.ts";
import { leftOutColumns } from "./left-out-columns.ts";

/** An input, and how a pipeline reads it. */
export interface OpenedInput {
  readonly profile: InputProfile;
  readonly layout: Layout;
  /** Null: the detectors are not known, and every numeric column counts as watched. */
  readonly plan: Pick<EnginePlan, "columns" | "features" | "detectors"> | null;
  /** Whether a reading without a timestamp gets the time of its arrival. */
  readonly isLive: boolean;
  /** Sensors of the inputs if each is one, named after its file; null or undefined: they are one stream. */
  readonly sensors?: readonly string[] | null | undefined;
  /** Number of inputs; undefined: one. */
  readonly inputs?: number | undefined;
}

/** All decisions about an input: those of the profile, and those of the pipeline. In no particular order. */
export function openingRemarks(opened: OpenedInput): readonly Remark[] {
  const { profile, layout } = opened;
  const { timestamp } = layout;
  const isUsed = ({ topic, column }: Remark): boolean => {
    if (topic === "time") return timestamp?.columns[0] === column;
    return column === undefined || column !== layout.key;
  };
  return [
    ...profile.remarks.filter((remark) => isUsed(remark) && remark.topic !== "left out"),
    ...(timestamp === null ? withoutTime(opened) : rhythmOf(opened)),
    { topic: "sensors", text: sensors(opened) },
    { topic: "watched", text: listNames(watchedNames(opened)) },
    ...leftOutColumns(profile, layout, (name) => isWatched(name, opened)),
  ];
}

/** The watched columns; a meter with how it is watched. */
function watchedNames(opened: OpenedInput): readonly string[] {
  const { profile, layout, plan } = opened;
  const watched = layout.numeric.filter((name) => isWatched(name, opened));
  const rated = new Set(
    (plan?.features ?? [])
      .filter((feature) => feature.function === "meter_rate")
      .map(({ column }) => plan?.columns[column]),
  );
  const meters = metersOf(profile, layout).filter((name) => rated.has(name));
  return watched.map((name) => (meters.includes(name) ? `${name} (a meter: its rate)` : name));
}

/** The numeric columns that detectors see, directly or through features. */
function isWatched(name: string, { plan }: OpenedInput): boolean {
  if (plan === null) return true;
  const { columns, features, detectors } = plan;
  const index = columns.indexOf(name);
  return detectors.some(({ inputs }) =>
    inputs.some((input) => {
      const feature = features[input - columns.length];
      return input === index || feature?.column === index || feature?.other === index;
    }),
  );
}

function withoutTime({ isLive, profile: { time } }: OpenedInput): readonly Remark[] {
  if (isLive) return [{ topic: "time", text: "that of the arrival: no column holds a time" }];
  const rows = "rows count as 1 s apart, from 1970-01-01 on";
  if (time?.kind === "none" && time.isSet === true) {
    return [{ topic: "time", text: `none, as source.time.format says: ${rows}` }];
  }
  const text = `no column holds a time: ${rows}`;
  return [{ topic: "check", text, setting: "buffer.schema: { COLUMN: datetime }" }];
}

/** When the input begins, and how often a sensor reports. */
function rhythmOf({ profile: { rhythm }, layout: { timestamp, key } }: OpenedInput): Remark[] {
  if (rhythm === undefined || rhythm.key !== key) return [];
  const { firstMs, usualMs } = rhythm;
  const each = key === null ? "" : " of each sensor";
  const interval = usualMs < 1000 ? `${numberTexts([usualMs])[0]} ms` : spanText(usualMs);
  const every = `a reading${each} every ${interval}`;
  const isDated =
    timestamp !== null && !(isRelativeFormat(timestamp.format) && timestamp.start === null);
  const text = isDated ? `from ${dateTimeText(firstMs)} on, ${every}` : every;
  return [{ topic: "time", column: timestamp?.columns[0], text }];
}

function sensors({
  layout: { key, constantKey },
  profile,
  sensors: files,
  inputs = 1,
}: OpenedInput): string {
  if (files) return `named by the files, whose times overlap, ${files.length}: ${listNames(files)}`;
  const stream = inputs > 1 ? ", and the files are one stream" : "";
  if (key === null) return `one, "${constantKey}": no column names it${stream}`;
  const found = profile.columns.find(({ name }) => name === key)?.distinct ?? 0;
  const count = found === 0 ? "" : `, ${found} in the sample`;
  return `named by "${key}"${count}`;
}
