import { reportsRoot } from "../ledger/reports.js";
import { hashMessage, type Domain, type InferenceReport, type Match, type Signed } from "../messages/index.js";
import type { BlockEvidence, Step } from "../quorum/evidence.js";
import { placeOf, type Finding } from "../quorum/findings.js";
import { blockAt, type Address, type Hash32, type ProviderId, type Wei } from "../units/index.js";

/** Messages a provider has kept of its work. Their signatures were verified when they came. */
export interface HeldWork {
  /** Of the queries it was sent. */
  readonly matches: readonly Signed<"Match">[];
  /** Copies that users gave it. */
  readonly reports?: readonly Signed<"InferenceReport">[];
  /** Bids that a router took, and when. */
  readonly bids?: readonly { readonly bid: Signed<"Bid">; readonly router: Address; readonly takenAtMs: bigint }[];
}

/** What is wrong with what a router published of a provider's work. */
export type MissingKind =
  /** It signed the match and does not show it. */
  | "matchUnpublished"
  /** It signed the match and says that it did not. */
  | "matchDenied"
  /** It says that the provider did not answer, or that no report came; there is one. */
  | "reportDenied"
  /** The time for the report is over and it is not shown. */
  | "reportUnpublished"
  /** It shows another report than the one that is held. */
  | "reportDiffers"
  /** The report passes and is credited nothing: too slow, says the router. */
  | "uncredited"
  /** Credited, but not the tokens delivered at the price of the match. */
  | "creditDiffers"
  /** It took the bid and does not show it. */
  | "bidUnpublished"
  /** The reports it shows are not those it signed for: nothing in the block counts. */
  | "blockDiffers";

/** One thing that is missing, with the place and one line about it. */
export interface MissingWork extends Finding {
  readonly kind: MissingKind;
  readonly router: Address;
  /** What the provider would have been credited for it, in wei; 0 where it is not known. */
  readonly lostWei: Wei;
}

/** What the comparison needs beside the messages. */
export interface MissingWorkOptions {
  readonly domain: Domain;
  /** Zero of block heights, in Unix seconds. */
  readonly emissionStart: bigint;
  /** The evidence begins after this height of each router; work up to it is not judged. All of it when left out. */
  readonly afterHeight?: bigint;
}

/** What one router shows, by the digests of its messages. */
interface Shown {
  readonly newest: bigint;
  readonly matches: ReadonlySet<Hash32>;
  readonly bids: ReadonlySet<Hash32>;
  readonly reports: ReadonlyMap<Hash32, { readonly height: bigint; readonly step: Extract<Step, { kind: "report" }> }>;
  readonly ends: ReadonlyMap<Hash32, { readonly height: bigint; readonly kind: Step["kind"] }>;
}

/**
 * Compare the work a provider did with the blocks the routers published, and say what is missing. Work whose block is not
 * published yet, or whose report may still come, is not missing. Whether a router judged others rightly is `reviewBlock`'s
 * question. Pure.
 */
export function findMissingWork(
  held: HeldWork,
  published: readonly BlockEvidence[],
  options: MissingWorkOptions,
): MissingWork[] {
  const { domain, emissionStart, afterHeight = -1n } = options;
  const found = published.flatMap((evidence) => blockDiffers(evidence, domain));
  const shown = new Map<string, Shown>();
  const shownBy = (router: Address) => {
    const key = router.toLowerCase();
    const known = shown.get(key) ?? shownOf(published, key, domain);
    shown.set(key, known);
    return known;
  };
  const reports = new Map((held.reports ?? []).map((report) => [report.value.matchHash, report]));
  const heightOf = (at: bigint) => blockAt(at, emissionStart);
  for (const { value } of held.matches) {
    const matchHash = hashMessage("Match", value, domain);
    const height = heightOf(value.matchedAtMs / 1_000n);
    if (height <= afterHeight) continue;
    const work = { match: value, matchHash, height, report: reports.get(matchHash) };
    const isOver = heightOf(value.reportDeadlineAt) < shownBy(value.router).newest;
    found.push(...missingOf(work, shownBy(value.router), isOver, domain));
  }
  for (const { bid, router, takenAtMs } of held.bids ?? []) {
    const height = heightOf(takenAtMs / 1_000n);
    const { newest, bids } = shownBy(router);
    if (height <= afterHeight || newest < height || bids.has(hashMessage("Bid", bid.value, domain))) continue;
    const { sequence, providerId } = bid.value;
    const what = `bid ${sequence} of provider ${providerId} was taken at ${takenAtMs} ms and is not shown`;
    found.push({ kind: "bidUnpublished", router, where: placeOf(router, height), what, lostWei: 0n as Wei });
  }
  return found;
}

/** Credits of providers in published blocks, exact in wei: a lane is their sum over all blocks, rounded down, once all is attested. */
export function publishedCredits(published: readonly BlockEvidence[]): Map<ProviderId, Wei> {
  const credits = new Map<ProviderId, Wei>();
  for (const step of published.flatMap(({ steps }) => steps)) {
    if (step.kind !== "report") continue;
    const { providerId } = step.report.value;
    credits.set(providerId, ((credits.get(providerId) ?? 0n) + step.creditWei) as Wei);
  }
  return credits;
}

interface Work {
  readonly match: Match;
  readonly matchHash: Hash32;
  readonly height: bigint;
  readonly report: Signed<"InferenceReport"> | undefined;
}

function missingOf({ match, matchHash, height, report }: Work, shown: Shown, isOver: boolean, domain: Domain) {
  const { router } = match;
  const lostWei = (report === undefined ? 0n : earned(match, report.value)) as Wei;
  const missing = (kind: MissingKind, what: string, at = height, lost = lostWei): MissingWork[] => [
    { kind, router, where: placeOf(router, at), what: `match ${matchHash} ${what}`, lostWei: lost },
  ];
  if (shown.newest < height) return [];
  if (!shown.matches.has(matchHash)) return missing("matchUnpublished", "was signed and is not shown");
  const end = shown.ends.get(matchHash);
  if (end?.kind === "lapsed") return missing("matchDenied", "was signed and is shown as never signed", end.height);
  const judged = shown.reports.get(matchHash);
  if (judged === undefined) {
    if (report === undefined) return [];
    if (end !== undefined) return missing("reportDenied", `is shown as ${end.kind}, its report is held`, end.height);
    return isOver ? missing("reportUnpublished", "ended at its deadline, and its report is not shown") : [];
  }
  const { report: published, creditWei } = judged.step;
  const hashOf = (one: Signed<"InferenceReport">) => hashMessage("InferenceReport", one.value, domain);
  if (report !== undefined && hashOf(report) !== hashOf(published)) {
    return missing("reportDiffers", `has another report: ${hashOf(published)}, held ${hashOf(report)}`, judged.height);
  }
  const dueWei = earned(match, published.value);
  const lost = (dueWei > creditWei ? dueWei - creditWei : 0n) as Wei;
  if (creditWei === dueWei) return [];
  if (creditWei > 0n || dueWei === 0n) {
    return missing("creditDiffers", `is credited ${creditWei} wei, it earned ${dueWei} wei`, judged.height, lost);
  }
  const { tokens, sentAtMs, receivedAtMs } = published.value;
  const took = `${receivedAtMs - sentAtMs} ms for ${tokens} T`;
  return missing("uncredited", `passed and is credited nothing, as too slow: ${took}`, judged.height, lost);
}

function shownOf(published: readonly BlockEvidence[], router: string, domain: Domain): Shown {
  const own = published.filter(({ block }) => block.value.router.toLowerCase() === router);
  const shown = { newest: -1n, matches: new Set<Hash32>(), bids: new Set<Hash32>() };
  const reports = new Map<Hash32, { height: bigint; step: Extract<Step, { kind: "report" }> }>();
  const ends = new Map<Hash32, { height: bigint; kind: Step["kind"] }>();
  for (const { block, steps } of own) {
    const { height } = block.value;
    if (height > shown.newest) shown.newest = height;
    for (const step of steps) {
      if (step.kind === "bid") shown.bids.add(hashMessage("Bid", step.bid.value, domain));
      else if (step.kind === "match") shown.matches.add(hashMessage("Match", step.match.value, domain));
      else if (step.kind === "report") reports.set(step.report.value.matchHash, { height, step });
      else ends.set(step.matchHash, { height, kind: step.kind });
    }
  }
  return { ...shown, reports, ends };
}

function blockDiffers({ block, steps }: BlockEvidence, domain: Domain): MissingWork[] {
  const { router, height, reportsRoot: signed } = block.value;
  const reports = steps.flatMap((step) => {
    if (step.kind !== "report") return [];
    const { value } = step.report;
    const reportHash = hashMessage("InferenceReport", value, domain);
    return [{ reportHash, providerId: value.providerId, creditWei: step.creditWei }];
  });
  const shown = reportsRoot(reports);
  if (shown === signed) return [];
  const what = `signed for reports ${signed}, those it shows make ${shown}`;
  return [{ kind: "blockDiffers", router, where: placeOf(router, height), what, lostWei: 0n as Wei }];
}

function earned({ priceWei }: Match, { passed, tokens }: InferenceReport): bigint {
  return passed ? tokens * priceWei : 0n;
}
