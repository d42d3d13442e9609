import pl from "nodejs-polars";
import { expect, it } from "vitest";
import { exactColumn } from "../../src/buffer/polars.ts";

const NAMES = ["*", "^t.*$", "t1", "^.*$", "a.b", "^t", "t$", "^a\\d[x]{2}(y|z)?+$"];

it("a column is found by its name, also one that Polars would read as a pattern", () => {
  const frame = pl.DataFrame(NAMES.map((name, i) => pl.Series(name, [i])));
  for (const [i, name] of NAMES.entries()) {
    const found = frame.select(exactColumn(name));
    expect([found.columns, found.getColumn(name).toArray()], name).toEqual([[name], [i]]);
  }
});
