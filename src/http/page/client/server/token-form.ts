import { element } from "../../../../page/client/dom.ts";
import { keepToken, type TokenNeeded } from "./api.ts";

/** Asks for a token. @param onToken Called when one is kept. */
export function tokenForm({ refused }: TokenNeeded, onToken: () => void): HTMLElement {
  const input = element("input", {
    id: "token",
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    required: true,
    "aria-describedby": "token-help",
  });
  const help = refused
    ? "The server does not know this token. Its line may be missing in the token file."
    : "This server wants to know who asks. The token is kept in this tab only.";
  const form = element(
    "form",
    { class: "token" },
    element("h2", {}, "Access token"),
    element("p", { id: "token-help", class: refused ? "wrong" : "" }, help),
    element("label", { for: "token" }, "Token"),
    input,
    element("button", { type: "submit" }, "Open"),
    element(
      "p",
      { class: "soft" },
      "A new one: ",
      element("code", {}, "iotmon serve --new-token read"),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    // anything else can't be sent in a header
    if (!/^[\x21-\x7e]+$/.test(text)) return;
    keepToken(text);
    onToken();
  });
  queueMicrotask(() => input.focus());
  return form;
}
