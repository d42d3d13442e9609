import { expect, it } from "vitest";
import { parseFormat } from "../../../../src/core/timestamp/format/parse-format.ts";

const faultOf = (format: string) => {
  const parsed = parseFormat(format);
  return "fault" in parsed ? `${parsed.fault}. ${parsed.hint}` : parsed;
};

it("splits a format into fields and texts", () => {
  expect(parseFormat("%d/%m/%Y %T.%f %Z 100%%")).toEqual([
    ...[
      { field: "d" },
      { text: "/" },
      { field: "m" },
      { text: "/" },
      { field: "Y" },
      { text: " " },
    ],
    ...[
      { field: "H" },
      { text: ":" },
      { field: "M" },
      { text: ":" },
      { field: "S" },
      { text: "." },
    ],
    ...[{ field: "f" }, { text: " " }, { field: "z" }, { text: " 100%" }],
  ]);
});

it.each([
  ["dd/MM/yyyy HH:mm:ss", 'Did you mean "%d/%m/%Y %H:%M:%S"?'],
  ["yyyy-MM-dd'T'HH:mm:ss.SSSXXX", 'Did you mean "%Y-%m-%dT%H:%M:%S.%f%z"?'],
  ["M/d/yy h:mm a", 'Did you mean "%m/%d/%y %I:%M %p"?'],
  ["nonsense", "no field such as %Y"],
  ["%d/%m/%Q", "unknown letter %Q"],
  ["%d/%m", "no year: %Y or %y"],
  ["%Y-%d", "a day without a month: %m or %b"],
  ["%Y-%m-%d %I:%M", "%I and %p belong together"],
  ["%Y %Y", "%Y occurs twice"],
  ["%p", "%I and %p belong together"],
])("says what is wrong with %s", (format, part) => {
  expect(faultOf(format)).toContain(part);
});
