/**
 * The script of the page at `/`, the overview of all buffers and pipelines.
 *
 * @module
 */

import { byId, element, setAttributes, setText } from "../../../page/client/dom.ts";
import { beginning } from "./beginning.ts";
import { Board } from "./board.ts";
import { hashOf, type Place, placeOf } from "./place.ts";
import { askJson, keepToken, TokenNeeded, token } from "./server/api.ts";
import { tokenForm } from "./server/token-form.ts";
import { Tabs } from "./tabs.ts";
import type { BufferOverview, Overview } from "./types.ts";

/** Time between two refreshes, ms. */
const REFRESH_EVERY = 2000;

const content = byId("content");
const link = byId("link");
const tabs = new Tabs((buffer) => go({ buffer, sensor: "" }));
const never = new AbortController().signal;
let board: Board | null = null;
let isAsking = false;
let isLive = false;

function showLink(state: "live" | "lost" | "waiting", text: string): void {
  setAttributes(link, { "data-link": state });
  setText(link, text);
}

function go(place: Place): void {
  history.replaceState(null, "", hashOf(place));
  void refresh();
}

/** Replaces the content by the token form. */
function askForToken(error: TokenNeeded): void {
  if (isAsking) return;
  isAsking = true;
  closeBoard();
  showLink("waiting", "A token is needed");
  const form = tokenForm(error, () => {
    isAsking = false;
    void refresh();
  });
  content.replaceChildren(form);
}

function closeBoard(): void {
  board?.end();
  board = null;
}

async function refresh(): Promise<void> {
  if (isAsking || document.hidden) return;
  try {
    const { buffers } = await askJson<Overview>("v1/ml/overview", never);
    if (isAsking) return;
    showLink("live", isLive || buffers.length === 0 ? "Live" : "Live, every 2 seconds");
    show(buffers);
  } catch (error) {
    failed(error);
  }
}

function failed(error: unknown): void {
  if (error instanceof TokenNeeded) askForToken(error);
  else showLink("lost", "The server is unreachable; trying again");
}

function show(buffers: readonly BufferOverview[]): void {
  const [first] = buffers;
  if (first === undefined) {
    closeBoard();
    if (!content.querySelector("pre")) content.replaceChildren(beginning());
    return;
  }
  const { buffer: wanted, sensor } = placeOf(location.hash);
  const chosen = buffers.find(({ name }) => name === wanted) ?? first;
  if (board?.name === chosen.name) board.update(chosen);
  else openBoard(chosen, chosen.name === wanted ? sensor : "");
  tabs.show(buffers, chosen.name);
}

function openBoard(buffer: BufferOverview, sensor: string): void {
  closeBoard();
  isLive = false;
  board = new Board(buffer, sensor, {
    chosen: (place) => history.replaceState(null, "", hashOf(place)),
    live: (now) => {
      isLive = now;
    },
    tokenNeeded: askForToken,
    failed: () => undefined, // the next refresh fails too and shows it
  });
  content.replaceChildren(tabs.node, board.node);
}

function addForgetButton(): void {
  if (token() === null) return;
  const forget = element("button", { type: "button", class: "plain" }, "Forget token");
  forget.addEventListener("click", () => {
    keepToken(null);
    location.reload();
  });
  byId("elsewhere").append(" ", forget);
}

addEventListener("hashchange", () => {
  const { buffer, sensor } = placeOf(location.hash);
  if (buffer !== "" && buffer === board?.name && sensor !== "") board.choose(sensor);
  else if (buffer !== "") void refresh();
});
document.addEventListener("visibilitychange", () => void refresh());
setInterval(() => void refresh(), REFRESH_EVERY);
addForgetButton();
void refresh();
