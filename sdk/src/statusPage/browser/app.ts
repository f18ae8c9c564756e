/// <reference lib="dom" />
import { durationText } from "./duration.js";

/** What the server says of a change: see `StatusFeed`. */
interface Update {
  /** The chain's clock, in Unix seconds. */
  readonly at: number;
  /** Markup of the parts that have changed, by the id of their element. */
  readonly parts: Readonly<Record<string, string>>;
  /** Moments of the curves, each with a sentence; left out when they are the same. */
  readonly points?: readonly (readonly [number, string])[];
  /** What happened, in a sentence. */
  readonly said?: string;
}

const SAY_EVERY_MS = 3_000;
const RECONNECT_MS = 10_000;

/** While there are no figures the page has none of the parts below: it is left with the first update. */
const isWaiting = document.body.dataset["waiting"] !== undefined;
/** An element that every page with figures has. */
const find = (id: string): HTMLElement => document.getElementById(id)!;
const clock = { at: Number(document.body.dataset["at"] ?? 0), since: performance.now() };
const slider = find("moment") as HTMLInputElement;
let points: NonNullable<Update["points"]> = [];

/** Countdowns and ages go on between two updates. */
function tick(): void {
  const now = clock.at + (performance.now() - clock.since) / 1_000;
  for (const element of document.querySelectorAll<HTMLElement>(".ticking")) {
    const { until, since } = element.dataset;
    const seconds = until === undefined ? now - Number(since) : Number(until) - now;
    const text = until !== undefined && seconds <= 0 ? "over" : durationText(seconds);
    if (element.textContent !== text) element.textContent = text;
  }
}

/** Only whole parts are replaced, none of which holds the focus but the links between pages. */
function put(id: string, markup: string): void {
  const element = document.getElementById(id);
  // A server that was replaced may know parts that this page does not have.
  if (element === null) return;
  const focused = document.activeElement;
  const rel = focused instanceof HTMLAnchorElement && element.contains(focused) ? focused.rel : undefined;
  element.innerHTML = markup;
  if (rel !== undefined) element.querySelector<HTMLElement>(`a[rel="${rel}"]`)?.focus();
}

const speech = { text: "", saidAt: Number.NEGATIVE_INFINITY, timer: 0 };

/** Say the last of what happened, not more often than can be listened to. */
function say(text: string): void {
  speech.text = text;
  window.clearTimeout(speech.timer);
  const wait = Math.max(0, speech.saidAt + SAY_EVERY_MS - performance.now());
  speech.timer = window.setTimeout(() => {
    speech.saidAt = performance.now();
    find("said").textContent = speech.text;
  }, wait);
}

/** The curves were redrawn: the slider stays at its moment, or at the newest. */
function movePoints(next: NonNullable<Update["points"]>): void {
  const index = Number(slider.value);
  const moment = points[index]?.[0];
  const isLast = moment === points.at(-1)?.[0];
  points = next;
  slider.max = String(Math.max(0, points.length - 1));
  const found = points.findIndex(([at]) => at >= Number(moment));
  slider.value = isLast || found < 0 ? slider.max : String(found);
  find("slider").toggleAttribute("hidden", points.length < 2);
}

function showMoment(): void {
  const index = Number(slider.value);
  const [at, text] = points[index] ?? [0, ""];
  slider.setAttribute("aria-valuetext", text);
  find("moment-text").textContent = text;
  const [first, last] = [points[0]?.[0] ?? 0, points[points.length - 1]?.[0] ?? 0];
  const x = last === first ? "0" : String(((at - first) / (last - first)) * 1_000);
  for (const cursor of document.querySelectorAll(".cursor")) {
    // At the newest moment the curves themselves end: nothing is to be pointed at.
    cursor.setAttribute("visibility", index === points.length - 1 ? "hidden" : "visible");
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
  }
}

function setLive(isLive: boolean): void {
  if (isWaiting) return;
  const live = find("live");
  live.className = isLive ? "live on" : "live off";
  live.textContent = isLive ? "Live." : "Not live: the connection is lost and tried again.";
}

function update(event: MessageEvent<string>): void {
  if (isWaiting) return location.reload();
  const { at, parts, points: next, said } = JSON.parse(event.data) as Update;
  clock.at = at;
  clock.since = performance.now();
  for (const [id, markup] of Object.entries(parts)) put(id, markup);
  if (next !== undefined) movePoints(next);
  if (said !== undefined) say(said);
  showMoment();
  tick();
  setLive(true);
}

function connect(): void {
  const feed = new EventSource(`/events?page=${document.body.dataset["page"] ?? "1"}`);
  feed.addEventListener("status", update);
  feed.addEventListener("error", () => {
    setLive(false);
    if (feed.readyState === EventSource.CLOSED) window.setTimeout(connect, RECONNECT_MS);
  });
}

if (!isWaiting) slider.addEventListener("input", showMoment);
tick();
window.setInterval(tick, 1_000);
connect();
