/** How a layout writes numbers; missing ones are written by another function. */
export type NumberWriter = (value: number, quantity: string) => string;

const grouped = (value: number, separator: string): string => {
  const [whole = "", decimals] = value.toFixed(2).split(".");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, separator);
  return `${groups}.${decimals}`;
};

export const plain: NumberWriter = (value) => String(value);

/** `21,4` */
export const comma: NumberWriter = (value) => String(value).replace(".", ",");

/** `1.480,25` */
export const germanThousands: NumberWriter = (value) =>
  grouped(value, "T").replace(".", ",").replaceAll("T", ".");

/** `1,480.25` */
export const englishThousands: NumberWriter = (value) => grouped(value, ",");

/** `1 480,25` with a given blank. */
export const blankThousands =
  (blank: string): NumberWriter =>
  (value) =>
    grouped(value, blank).replace(".", ",");

/** `1'480.25` */
export const swissThousands: NumberWriter = (value) => grouped(value, "'");

const UNITS: Readonly<Record<string, string>> = { temperature: "°C", speed: "rpm" };

/** `21.4 °C` */
export const withUnit: NumberWriter = (value, quantity) => `${value} ${UNITS[quantity] ?? "V"}`;

/** `21.4°C` */
export const withUnitAttached: NumberWriter = (value, quantity) =>
  `${value}${UNITS[quantity] ?? "V"}`;

/** `2.14e+1` */
export const scientific: NumberWriter = (value) => value.toExponential();

/** `+21.40` */
export const signed: NumberWriter = (value) => `+${value.toFixed(2)}`;

/** Units by quantity. */
export const unitOf = (quantity: string): string => UNITS[quantity] ?? "V";
