import type { Contribution, Side } from "../../detectors/detector.ts";
import type { StateReader, StateWriter } from "../../state-codec.ts";
import type { Evidence } from "../alert-event.ts";

/** Sides by their number in saved state. */
const SIDES: readonly (Side | null)[] = ["low", "high", null];

/** Writes the evidence of an open episode into saved state. */
export function saveEvidence(writer: StateWriter, evidence: Evidence): void {
  writer.f64(evidence.timestamp);
  writer.f64(evidence.rawScore);
  writer.f64(evidence.p);
  writer.f64(evidence.anomalyScore);
  saveNumbers(writer, evidence.reading);
  saveNumbers(writer, evidence.features);
  writer.u32(evidence.explanation.contributions.length);
  for (const c of evidence.explanation.contributions) {
    writer.u32(c.input);
    writer.u32(SIDES.indexOf(c.side));
    for (const number of [c.value, c.typical, c.low, c.high, c.share]) writer.f64(number);
  }
  saveNumbers(writer, Float64Array.from(evidence.explanation.novel));
  const { rule } = evidence.explanation;
  writer.bool(rule !== null);
  if (rule !== null) writer.text(rule);
  writer.f64(evidence.explanation.threshold);
}

/** Reads evidence that {@link saveEvidence} wrote. */
export function loadEvidence(reader: StateReader): Evidence {
  const [timestamp, rawScore, p, anomalyScore] = [
    reader.f64(),
    reader.f64(),
    reader.f64(),
    reader.f64(),
  ];
  const reading = loadNumbers(reader);
  const features = loadNumbers(reader);
  const contributions = Array.from({ length: reader.u32() }, (): Contribution => {
    const input = reader.u32();
    const side = SIDES[reader.u32()] ?? null;
    const value = reader.f64();
    const typical = reader.f64();
    const low = reader.f64();
    const high = reader.f64();
    return { input, side, value, typical, low, high, share: reader.f64() };
  });
  const novel = Array.from(loadNumbers(reader));
  const rule = reader.bool() ? reader.text() : null;
  const explanation = { contributions, novel, rule, threshold: reader.f64() };
  return { timestamp, rawScore, p, anomalyScore, reading, features, explanation };
}

function saveNumbers(writer: StateWriter, numbers: Float64Array): void {
  writer.u32(numbers.length);
  writer.f64s(numbers);
}

function loadNumbers(reader: StateReader): Float64Array {
  const length = reader.u32();
  if (length * 8 > reader.remaining) throw new RangeError("The state ends inside a list");
  const numbers = new Float64Array(length);
  reader.f64s(numbers);
  return numbers;
}
