import { durationText, exactMor, isoMoment, momentText, morText } from "./format.js";
import { html, type Html } from "./html.js";

/** An amount in MOR: four decimals to read, all of them for a machine and under the pointer. */
export function amount(value: bigint, unit: "uMor" | "wei" = "uMor"): Html {
  const exact = exactMor(value, unit);
  return html`<data value="${exact}" title="${exact} MOR">${morText(value, unit)}</data>`;
}

/** A moment of the chain. */
export function moment(at: bigint): Html {
  return html`<time datetime="${isoMoment(at)}">${momentText(at)}</time>`;
}

/** Time left until a moment; the page counts on by itself. */
export function countdown(until: bigint, now: bigint): Html {
  const left = durationText(Number(until - now));
  return html`<span class="ticking" data-until="${until}">${until > now ? left : "over"}</span>`;
}

/** Time since a moment; the page counts on by itself. */
export function age(since: bigint, now: bigint): Html {
  return html`<span class="ticking" data-since="${since}">${durationText(Number(now - since))}</span>`;
}
