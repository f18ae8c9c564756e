import type { InputKind, InputResults, RouterInput } from "./inputs.js";
import type { RouterEvent, RouterObserver } from "./observer.js";
import type { Placement, Unreported } from "./outcomes.js";

/** Tell an observer what a transition did. Signatures of matches come later, from the router itself. */
export function observe<K extends InputKind>(
  observer: RouterObserver,
  input: RouterInput<K>,
  result: InputResults[K],
): void {
  for (const event of eventsOf(input as RouterInput, result as never)) observer(event);
}

function eventsOf(input: RouterInput, result: never): RouterEvent[] {
  const { kind, atMs } = input;
  switch (kind) {
    case "bid":
      return [{ kind, atMs, bid: input.signed }];
    case "rfc": {
      const placement = result as Placement;
      const isKept = placement.status === "matched" || placement.status === "queued";
      const admitted: RouterEvent[] = isKept ? [{ kind, rfcHash: input.hash, rfc: input.signed }] : [];
      return [...admitted, ...placementEvents(input, placement)];
    }
    case "unanswered":
      return [{ kind, atMs, matchHash: input.matchHash }, ...placementEvents(input, result)];
    case "expire":
    case "pump":
      return (result as readonly (Placement | Unreported)[]).flatMap((each) =>
        each.status === "unreported"
          ? [{ kind: each.status, atMs, matchHash: each.matchHash }]
          : placementEvents(input, each),
      );
    case "lapsed":
      return [{ kind, atMs, matchHash: input.matchHash }];
    case "report":
      return [{ kind, atMs, report: input.signed, judged: result }];
    default:
      return [];
  }
}

function placementEvents({ atMs }: RouterInput, placement: Placement): RouterEvent[] {
  const { status, rfcHash } = placement;
  if (status === "matched") return [{ kind: "match", atMs, matchHash: placement.matchHash, value: placement.value }];
  return status === "queued" || rfcHash === undefined ? [] : [{ kind: "dropped", rfcHash }];
}
