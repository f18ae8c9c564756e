import type { StatusEvent } from "./statusEvents.js";
import type { NewsItem } from "./snapshot.js";
import { morText, momentText, plural } from "./format.js";

/** Sentences kept. */
export const MAX_NEWS = 12;

/** Say an event in a sentence; undefined for one that is a part of another. Holds no text that somebody else chose. */
export function newsOf(event: StatusEvent): NewsItem | undefined {
  const text = sentenceOf(event);
  return text === undefined ? undefined : { blockNumber: event.blockNumber, text };
}

function sentenceOf(event: StatusEvent): string | undefined {
  switch (event.name) {
    case "attested":
      return `Attestation ${event.value.seq} was accepted: ${morText(event.value.creditedUMor)} MOR credited.`;
    case "vetoed": {
      const { seq, lastDroppedSeq, releasedUMor } = event.value;
      const which = seq === lastDroppedSeq ? `Attestation ${seq} was` : `Attestations ${seq} to ${lastDroppedSeq} were`;
      return `${which} vetoed: ${morText(releasedUMor)} MOR are free again.`;
    }
    case "claimed": {
      const { payments, paidUMor } = event.value;
      return `${plural(payments.length, "provider was", "providers were")} paid ${morText(paidUMor)} MOR.`;
    }
    case "awardsPaid": {
      const { season, payments, paidUMor } = event.value;
      return `Season ${season}: ${plural(payments.length, "award", "awards")} paid, ${morText(paidUMor)} MOR.`;
    }
    case "paymentFailed":
      return `Provider ${event.value.id} could not be paid ${morText(event.value.amountUMor)} MOR: they stay owed.`;
    case "debited":
      return `Provider ${event.value.id} was debited ${morText(event.value.amountUMor)} MOR.`;
    case "bondWithdrawn":
      return `Provider ${event.value.id} left and withdrew its bond.`;
    case "registered":
      return `Provider ${event.value.id} was registered.`;
    case "seasonClosed":
      return `Season ${event.value.season} was closed: ${morText(event.value.sharesUMor)} MOR to share.`;
    case "arrivalBooked":
      return `${morText(event.value.amountWei, "wei")} MOR arrived and were booked.`;
    case "paused": {
      const { pausedUntil } = event.value;
      return pausedUntil === 0n ? "The pause ended." : `Attestations are paused until ${momentText(pausedUntil)}.`;
    }
    default:
      return undefined;
  }
}
