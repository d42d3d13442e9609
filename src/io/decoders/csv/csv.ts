import type { Decoder } from "../decoder.ts";
import { decodeCsv } from "./decode.ts";
import { type CsvProfile, profileCsv } from "./profile.ts";

/** Comma-separated values and their kin, parsed by csv-parse. */
export const csv: Decoder<CsvProfile> = {
  name: "csv",
  summary: "rows of cells separated by , ; tab or |, with or without a header",
  profile: profileCsv,
  decode: decodeCsv,
};
