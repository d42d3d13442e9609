/**
 * Words of timestamps: months, days of the week and filler words in five languages.
 *
 * @module
 */

/** Names and abbreviations of the months in English, German, French, Spanish and Italian, without accents and dots. */
const MONTH_WORDS = [
  "jan january januar janner jaenner janv janvier ene enero gen gennaio",
  "feb february februar feber fev fevr fevrier febrero febbraio",
  "mar march marz maerz mrz mars marzo",
  "apr april avr avril abr abril aprile",
  "may mai mayo mag maggio",
  "jun june juni juin junio giu giugno",
  "jul july juli juil juill juillet julio lug luglio",
  "aug august aou aout ago agosto",
  "sep sept september septembre septiembre setiembre set sett settembre",
  "oct october okt oktober octobre octubre ott ottobre",
  "nov november novembre noviembre",
  "dec december dez dezember decembre dic diciembre dicembre",
];

const WEEKDAY_WORDS =
  "mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday " +
  "mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag sonnabend so sonntag " +
  "lun lundi mar mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche " +
  "lunes mie miercoles jue jueves vie viernes sab sabado dom domingo " +
  "lunedi martedi mercoledi gio giovedi venerdi sabato domenica";

const FILLERS = new Set("de del le den der at um a h".split(" "));

const MONTHS = new Map(
  MONTH_WORDS.flatMap((words, i) => words.split(" ").map((word) => [word, i + 1] as const)),
);
const WEEKDAYS = new Set(WEEKDAY_WORDS.split(" "));

const ACCENTS = /\p{M}/gu;
const ASCII = /^[\0-\x7f]*$/;

/** Number of the month with this name or abbreviation, 1 to 12; 0 for other words. Ignores case and accents. */
export function monthOf(word: string): number {
  return MONTHS.get(plain(word)) ?? 0;
}

/** Whether a word is a day of the week. */
export function isWeekday(word: string): boolean {
  return WEEKDAYS.has(plain(word));
}

/** Whether a word may stand between the parts of a date: `1 de marzo de 2026`. */
export function isFiller(word: string): boolean {
  return FILLERS.has(plain(word));
}

function plain(text: string): string {
  const word = text.endsWith(".") ? text.slice(0, -1) : text;
  // the first word with an accent costs milliseconds: it loads tables of Unicode
  const letters = ASCII.test(word) ? word : word.normalize("NFD").replace(ACCENTS, "");
  return letters.toLowerCase();
}
