import { element, setText } from "../../page/client/dom.ts";

const THEMES = ["", "light", "dark"] as const;
const NAMES = ["Theme: as the system", "Theme: light", "Theme: dark"];

/** A switch between light and dark. @param changed Called after the colours change. */
export function themeSwitch(changed: () => void): HTMLElement {
  let at = 0;
  const button = element("button", { type: "button", class: "plain" }, NAMES[at] ?? "");
  button.addEventListener("click", () => {
    at = (at + 1) % THEMES.length;
    document.documentElement.dataset["theme"] = THEMES[at] ?? "";
    setText(button, NAMES[at] ?? "");
    changed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  return button;
}
