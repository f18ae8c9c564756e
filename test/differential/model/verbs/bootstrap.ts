import { hex } from "../../wire/bytes.js";
import { Reasons, accepted, type Caller, type Log, type Outcome, type Refusal } from "../outcome.js";
import { logOf } from "../registry.js";
import { listHash, packList, totalOf, type Rank, type Season } from "../seasons.js";
import type { System } from "../system.js";
import { MAX_RANKS, MAX_WEIGHT, UMOR, above, min } from "../units.js";
import { idsOf, type ClaimRange } from "./money.js";

function requireSeason({ seasons }: System, reasons: Reasons, at: number): Season | undefined {
  const count = BigInt(seasons.seasons.length);
  reasons.when(BigInt(at) >= count, "BootstrapSeasonUnknown", BigInt(at), count);
  return seasons.seasons[at];
}

function requireList(reasons: Reasons, at: number, season: Season, list: readonly Rank[]): void {
  const given = listHash(list);
  const inForce = listHash(season.list);
  reasons.when(given !== inForce, "BootstrapListStale", BigInt(at), given, inForce);
}

/** `enter` (design 9). `flaws` says what is wrong with ranges or proofs. */
export function enter(
  system: System,
  { now }: Caller,
  at: number,
  list: readonly Rank[],
  ranges: readonly ClaimRange[],
  flaws: readonly Refusal[],
): Outcome {
  const { seasons } = system;
  const reasons = new Reasons();
  const season = requireSeason(system, reasons, at);
  if (season === undefined) return reasons.refused();
  const [opensAt, endsAt] = [seasons.endOf(at), seasons.entryEndOf(at)];
  reasons.when(now < opensAt || now >= endsAt, "BootstrapEntryNotOpen", BigInt(at), now, opensAt, endsAt);
  requireList(reasons, at, season, list);
  reasons.list.push(...flaws);
  if (reasons.any) return reasons.refused();
  const logs: Log[] = [];
  let next: Rank[] = season.list;
  for (const range of ranges) {
    let entries = "";
    for (const rank of weigh(system, at, range)) {
      if (rank.weightUMor === 0n || next.some(({ id }) => id === rank.id)) continue;
      const candidate = seasons.insert(next, rank);
      if (!candidate.includes(rank)) continue;
      next = candidate;
      entries += hex(rank.weightUMor, 6) + hex(rank.id, 3);
    }
    if (entries !== "") logs.push(logOf("bootstrap", "ProvidersEntered", BigInt(at), entries));
  }
  const last = season.list.length < MAX_RANKS ? 0n : season.list[MAX_RANKS - 1]!.weightUMor;
  reasons.when(logs.length === 0, "BootstrapNothingEntered", BigInt(at), last);
  if (reasons.any) return reasons.refused();
  season.list = next;
  system.touch("season", at);
  return accepted(logs, listHash(next));
}

/** Weights of the providers in a range: what they were credited in season `at`. */
export function weigh({ ledger }: System, at: number, range: ClaimRange): Rank[] {
  const before = ledger.standingAt(BigInt(at))?.lanes ?? [];
  const after = ledger.standingAt(BigInt(at) + 1n)?.lanes ?? [];
  return idsOf([range]).map((id) => {
    const credited = (after[id] ?? 0n) - (before[id] ?? 0n);
    return { id, weightUMor: min(credited, MAX_WEIGHT) };
  });
}

/** `close` (SPEC S13): books arrivals, fixes the pool and its shares. */
export function close(system: System, { now }: Caller, at: number, list: readonly Rank[]): Outcome {
  const { seasons, reserve } = system;
  const reasons = new Reasons();
  const season = requireSeason(system, reasons, at);
  reasons.when(at !== seasons.next, "BootstrapSeasonOutOfOrder", BigInt(at), BigInt(seasons.next));
  if (season === undefined) return reasons.refused();
  const closesAt = seasons.entryEndOf(at);
  reasons.when(now < closesAt, "BootstrapSeasonOpen", BigInt(at), now, closesAt);
  requireList(reasons, at, season, list);
  if (reasons.any) return reasons.refused();
  const logs = [...reserve.roll(now), ...reserve.book(now)];
  const due = above(reserve.target(seasons.endOf(at)), seasons.allottedUMor * UMOR);
  season.poolUMor = season.list.length === 0 ? 0n : min(reserve.bootstrap, due) / UMOR;
  season.closed = true;
  season.sharesUMor = season.list.reduce((sum, _, rank) => sum + seasons.shareOf(season, rank), 0n);
  seasons.next++;
  const isLast = seasons.next === seasons.seasons.length;
  logs.push(...reserve.reserveAwards(season.sharesUMor, isLast));
  const args = [BigInt(at), season.poolUMor, totalOf(season.list), season.sharesUMor, listHash(season.list)];
  system.touch("season", at);
  return accepted([...logs, logOf("bootstrap", "SeasonClosed", ...args)], season.poolUMor);
}

/** `award`: pays the shares of `ranks` that were not awarded yet. */
export function award(system: System, at: number, list: readonly Rank[], ranks: bigint): Outcome {
  const { seasons } = system;
  const reasons = new Reasons();
  const season = requireSeason(system, reasons, at);
  reasons.when(at >= seasons.next, "BootstrapSeasonNotClosed", BigInt(at), BigInt(seasons.next));
  if (season === undefined) return reasons.refused();
  requireList(reasons, at, season, list);
  const due = season.list.flatMap((_, rank) =>
    (ranks >> BigInt(rank)) & 1n && !season.awarded.has(rank) ? [rank] : [],
  );
  reasons.when(season.closed && due.length === 0, "BootstrapNothingDue", BigInt(at), ranks, maskOf(season.awarded));
  if (reasons.any) return reasons.refused();
  const logs: Log[] = [];
  const awarded: number[] = [];
  let paidUMor = 0n;
  let payments = "";
  for (const rank of due) {
    const { id } = season.list[rank]!;
    const paid = system.payOne(id, seasons.shareOf(season, rank), logs);
    if (paid === undefined) continue;
    awarded.push(rank);
    season.awarded.add(rank);
    paidUMor += paid;
    if (paid > 0n) payments += hex(id, 4) + hex(paid, 8);
  }
  system.touch("season", at);
  logs.push(logOf("compute", "AwardsPaid", BigInt(at), paidUMor, payments));
  if (awarded.length > 0) logs.push(logOf("bootstrap", "RanksAwarded", BigInt(at), maskOf(awarded)));
  return accepted(logs, paidUMor * UMOR);
}

/** Bit i for rank i. */
export function maskOf(ranks: Iterable<number>): bigint {
  let mask = 0n;
  for (const rank of ranks) mask |= 1n << BigInt(rank);
  return mask;
}

export { packList };
