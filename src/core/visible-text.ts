/** Characters that change the direction of the text after them, and so what a reader takes a name for. */
const DIRECTIONS = /\p{Bidi_Control}/gu;

/** A text with escapes for bidirectional control characters: `pump\u202e1`. */
export function visibleText(text: string): string {
  return text.replace(
    DIRECTIONS,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
