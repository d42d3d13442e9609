import { element } from "../../../../page/client/dom.ts";
import { keepToken, type TokenNeeded } from "./api.ts";

/** Form that asks for a token. @param onToken Called when the form has stored one. */
export function tokenForm({ rejected }: TokenNeeded, onToken: () => void): HTMLElement {
  const input = element("input", {
    id: "token",
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    required: true,
    "aria-describedby": "token-help",
  });
  const help = rejected
    ? "The server does not know this token. Check that its line is in the token file."
    : "This server needs a token. Only this tab keeps it.";
  const form = element(
    "form",
    { class: "token" },
    element("h2", {}, "Access token"),
    element("p", { id: "token-help", class: rejected ? "wrong" : "" }, help),
    element("label", { for: "token" }, "Token"),
    input,
    element("button", { type: "submit" }, "Open"),
    element(
      "p",
      { class: "soft" },
      "Create one: ",
      element("code", {}, "iotmon serve --new-token read"),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    // a header cannot contain other characters
    if (!/^[\x21-\x7e]+$/.test(text)) return;
    keepToken(text);
    onToken();
  });
  queueMicrotask(() => input.focus());
  return form;
}
