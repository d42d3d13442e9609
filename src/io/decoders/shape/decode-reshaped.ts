import type { Batch } from "../../../core/batch.ts";
import type { DecodeContext } from "../decode-context.ts";
import type { InputProfile } from "../input-profile.ts";
import { reshaperOf } from "./reshaper.ts";

/**
 * Decodes the rows of an input and makes readings of them.
 *
 * @param decode Decodes its rows, with `rowsProfile`.
 */
export async function* decodeReshaped(
  profile: InputProfile,
  context: DecodeContext,
  decode: (context: DecodeContext) => AsyncGenerator<Batch>,
): AsyncGenerator<Batch> {
  const reshaper = reshaperOf(profile, context);
  if (reshaper === null) {
    yield* decode(context);
    return;
  }
  for await (const batch of decode({ ...context, ...reshaper.rows })) {
    const readings = reshaper.reshape(batch, (row, { reason, detail }) => {
      const line = batch.rows[row] as number;
      context.reject({ input: context.input, line, reason, detail, text: "" });
    });
    if (readings.length > 0) yield readings;
  }
}
