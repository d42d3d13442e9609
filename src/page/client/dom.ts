import { visibleText } from "../../core/visible-text.ts";

/** Attributes by name; true sets one without a value, false removes it. */
type Attributes = Readonly<Record<string, string | boolean>>;

/** Creates an element. Texts become text nodes, never markup, because sensors send them. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children.map((child) => (typeof child === "string" ? visibleText(child) : child)));
  return made;
}

/** Sets only attributes that differ, so that nothing is announced or drawn again needlessly. */
export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "boolean") target.toggleAttribute(name, value);
    else if (target.getAttribute(name) !== value) target.setAttribute(name, value);
  }
}

/** Sets the text of an element if it differs. */
export function setText(target: Element, text: string): void {
  const shown = visibleText(text);
  if (target.textContent !== shown) target.textContent = shown;
}

/**
 * Finds the element with this id.
 *
 * @throws {Error} If the page has none.
 */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}`);
  return found;
}
