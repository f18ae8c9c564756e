import type { Row } from "../rows.js";

/** A ratio with its aim. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  readonly target: number;
  /** True if smaller is better. */
  readonly atMost: boolean;
  readonly met: boolean;
  /** What was divided by what. */
  readonly by: string;
}

const N = 1_000;
const FLOOR = "push ERC-20 to each";
const PACKED = "four in a slot";
/** Packages that settle many payments in one transaction; `complete` if nothing of it was left out. */
const BATCHED = [
  { peer: "Ocean Escrow", complete: true },
  { peer: "0G InferenceServing", complete: true },
  { peer: "Graph AllocationExchange", complete: false },
] as const;

/** Rows of suite `sdk` that are ratios, or seconds, themselves. */
const SDK_AIMS = [
  { name: "ledger tree: build, the peer's fastest takes", target: 20, isMost: false },
  { name: "ledger tree: update, the peer's fastest rebuild takes", target: 100, isMost: false },
  { name: "main job: an hour of requests", target: 20, isMost: true },
] as const;

/** The aims of the bench, from rows that hold ours and the sides they are held against. */
export function ratios(rows: readonly Row[]): Ratio[] {
  const all: Ratio[] = [];
  const attest = find(rows, "attest per provider", "", N);
  const packed = find(rows, "attest per provider", PACKED, N);
  if (attest && packed) all.push(atLeast("attest, packed storage against ours", packed, attest, 3));
  const batch = find(rows, "claim per provider batch", "", N);
  if (batch) {
    for (const complete of [true, false]) {
      const best = BATCHED.filter((side) => complete <= side.complete)
        .flatMap(({ peer }) => rows.filter((row) => row.name === "claim per provider batch" && row.peer === peer))
        .reduce<Row | undefined>((low, row) => (low === undefined || row.value < low.value ? row : low), undefined);
      const whose = complete ? "best batched peer, complete" : "best batched peer, its payment replaced by ours";
      if (best) all.push(atLeast(`batch claims, ${whose}, against ours`, best, batch, 3.2));
    }
  }
  const floor = find(rows, "claim per provider batch", FLOOR, N);
  const system = find(rows, "system per provider S=1", "", N);
  if (floor && system) all.push(atMost("whole system at S=1 against the payout floor", system, floor, 1.5));
  for (const { name, target, isMost } of SDK_AIMS) {
    const row = rows.find((each) => each.suite === "sdk" && each.name === name && each.peer === "");
    if (row) all.push(aim(row, target, isMost));
  }
  return all;
}

/** One line a ratio; a missed aim says so. */
export function ratioLine({ name, value, target, atMost, met, by }: Ratio): string {
  const aim = `${atMost ? "at most" : "at least"} ${target}`;
  return `ratio ${value.toFixed(2)} (${aim}: ${met ? "met" : "MISSED"})  ${name}: ${by}`;
}

function atLeast(name: string, other: Row, ours: Row, target: number): Ratio {
  const value = other.value / ours.value;
  return { name, value, target, atMost: false, met: value >= target, by: `${quote(other)} / ${quote(ours)}` };
}

function atMost(name: string, ours: Row, floor: Row, target: number): Ratio {
  const value = ours.value / floor.value;
  return { name, value, target, atMost: true, met: value <= target, by: `${quote(ours)} / ${quote(floor)}` };
}

function aim({ name, value, unit, n }: Row, target: number, isMost: boolean): Ratio {
  const met = isMost ? value <= target : value >= target;
  return { name, value, target, atMost: isMost, met, by: `${unit}, N ${n}` };
}

function quote({ value, peer, n }: Row): string {
  return `${value.toFixed(1)} [${peer === "" ? "ours" : peer}, N ${n}]`;
}

function find(rows: readonly Row[], name: string, peer: string, n: number): Row | undefined {
  return rows.find((row) => row.name === name && row.peer === peer && row.n === n);
}
