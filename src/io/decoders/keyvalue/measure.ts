/** A value that begins with a number. */
export interface Measure {
  /** The number as written. */
  readonly number: string;
  /** The text after it; may be empty. */
  readonly unit: string;
}

const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?/;
/** Maximum length of a number with its unit. */
const MAX_MEASURE_LENGTH = 60;

/** Splits `23.4C` into number and unit; null if it does not begin with a number or the rest is not a unit. */
export function parseMeasure(text: string): Measure | null {
  if (text.length > MAX_MEASURE_LENGTH) return null;
  const number = NUMBER.exec(text)?.[0];
  if (number === undefined) return null;
  const unit = text.slice(number.length);
  return unit === "" || isUnit(unit) ? { number, unit } : null;
}

/** Units that are words; others have a sign such as ° or %. */
const UNITS = new Set(
  (
    "C F K deg degC degF Pa hPa kPa MPa bar mbar psi mmHg inHg atm V mV uV kV A mA uA W mW kW MW Wh kWh VA var " +
    "Hz kHz MHz GHz rpm RPM ppm ppb lux lx lm cd m mm cm km um nm in ft mi s ms us ns min h g mg ug kg t lb oz " +
    "l L ml mL dB dBm dBA N Nm J kJ cal kcal T mT uT G Gs S uS mS ohm Ohm kOhm Mohm F nF pF uF H mH uH " +
    "mps kmh kph mph knots kn rad bpm pH RH pct percent counts raw Bq uSv CPM cpm NTU IU VOC AQI"
  ).split(" "),
);

/** A unit that begins with a word: `m/s`, `ug/m3`, `m²`. */
const DIVIDED = /^([a-zA-Z]{1,5})(?:[23²³]|\^[23])?(?:[/·][a-zA-Z]{1,5}(?:[23²³]|\^[23])?)?$/;
/** A unit that begins with a sign: °C, %RH, µg/m³, also a replaced invalid byte. */
const SIGNED = /^[°º%‰µμΩ℃℉\ufffd"'][a-zA-Z0-9²³/°^\ufffdΩµμ]{0,9}$/;

const MAX_UNIT_LENGTH = 12;

/** Whether a text after a number is a unit. */
export function isUnit(text: string): boolean {
  if (text.length > MAX_UNIT_LENGTH) return false;
  if (SIGNED.test(text)) return true;
  const word = DIVIDED.exec(text)?.[1];
  return word !== undefined && UNITS.has(word);
}
