import { Tree } from "../../model/tree.js";
import type { Entry } from "../../model/ledger.js";
import type { Refusal } from "../../model/outcome.js";
import * as verbs from "../../model/verbs/money.js";
import { packDebits } from "../../model/verbs/attest.js";
import { accepted } from "../../model/outcome.js";
import { DAY } from "../../model/units.js";
import { callData } from "../../wire/abi.js";
import { lanesOf, packClaim, packRange, packSiblings } from "../../wire/ranges.js";
import { hex } from "../../wire/bytes.js";
import type { Random } from "../random.js";
import { callerOf, drawRange, waitFor, type Action, type World } from "../world.js";

const MOR = 10n ** 18n;

/** Tokens reach the compute contract. */
export const donate: Action = ({ system, actors, addresses }, random) => {
  const wei = random.weighted({ some: 70, dust: 15, much: 15 });
  const most = { some: 20_000n * MOR, dust: 10n ** 12n, much: 10n ** 27n }[wei];
  const amount = random.magnitude(most);
  return {
    key: actors.stranger,
    to: addresses.token,
    data: callData("token", "mint", addresses.compute, amount),
    expect: () => accepted([system.token.mint(addresses.compute, amount)]),
  };
};

/** The token starts or ends to refuse a payout address. */
export const refuse: Action = ({ system, actors, addresses }, random) => {
  const { refused } = system.token;
  const ends = refused.size > 0 && random.chance(70);
  const payouts = system.registry.providers.map(({ payout }) => payout);
  if (!ends && payouts.length === 0) return undefined;
  const account = ends ? random.pick([...refused]) : random.pick(payouts);
  return {
    key: actors.stranger,
    to: addresses.token,
    data: callData("token", "setRefused", account, ends ? 0n : 1n),
    expect: () => {
      if (ends) refused.delete(account);
      else refused.add(account);
      return accepted([]);
    },
  };
};

/** Arrivals are booked. */
export const intake: Action = (world) => ({
  key: world.actors.stranger,
  to: world.addresses.compute,
  data: callData("compute", "intake"),
  expect: () => verbs.intake(world.system, callerOf(world, world.actors.stranger)),
});

/** An attestation is vetoed, or cannot be. */
export const veto: Action = (world, random) => {
  const { ledger } = world.system;
  const pending = ledger.standing.filter(({ activeAt }) => activeAt > world.now);
  const late = pending.slice(-3);
  const known = random.chance(85) && late.length > 0 ? random.pick(late) : undefined;
  const seq = known?.seq ?? random.big(1n, ledger.lastSeq + 1n);
  const key = random.chance(4) ? world.actors.stranger : world.actors.guardian;
  return {
    key,
    to: world.addresses.compute,
    data: callData("compute", "veto", seq),
    expect: () => verbs.veto(world.system, callerOf(world, key), seq),
  };
};

/** Debits of an attestation are booked. */
export const debit: Action = (world, random) => {
  const { ledger } = world.system;
  const open = ledger.standing.filter(({ debitsHash, debitsBooked }) => debitsHash !== 0n && !debitsBooked);
  const due = open.filter(({ activeAt }) => activeAt <= world.now);
  const others = open.length > 0 && random.chance(50) ? open : ledger.standing;
  const entry =
    due.length > 0 && random.chance(85) ? random.pick(due) : random.pick(others.length > 0 ? others : [undefined]);
  if (entry === undefined) return undefined;
  const debits = random.chance(90) ? entry.debits : entry.debits.slice(1);
  return {
    key: world.actors.stranger,
    to: world.addresses.compute,
    data: callData("compute", "debit", entry.seq, packDebits(debits)),
    expect: () => verbs.debit(world.system, callerOf(world, world.actors.stranger), entry.seq, debits),
  };
};

/** Providers are paid from a root: the newest active one, an older one, or one that cannot be claimed from. */
export const claim: Action = (world, random) => {
  const { ledger, registry } = world.system;
  const { standing } = ledger;
  if (standing.length === 0) return undefined;
  const next = standing.find(({ activeAt }) => activeAt > world.now);
  if (next !== undefined && random.chance(4)) waitFor(world, random, next.activeAt);
  const active = standing.filter(({ activeAt }) => activeAt <= world.now);
  const newest = active[active.length - 1];
  const some = active.length > 0 && random.chance(80) ? active : standing;
  const entry = newest !== undefined && random.chance(75) ? newest : random.pick(some);
  const seq = random.chance(2) ? ledger.lastSeq + 1n : entry.seq;
  const { ranges, packed, flaws } = drawClaims(random, entry, registry.providers.length);
  return {
    key: world.actors.stranger,
    to: world.addresses.compute,
    data: callData("compute", "claim", seq, packed),
    expect: () => verbs.claim(world.system, callerOf(world, world.actors.stranger), seq, ranges, flaws),
  };
};

function drawClaims(random: Random, { tree }: Entry, ids: number) {
  const ranges: verbs.ClaimRange[] = [];
  const flaws: Refusal[] = [];
  let packed = "";
  for (let left = random.int(1, 3); left > 0; left--) {
    const range = drawRange(random, tree.lanes, ids);
    const lanes = random.chance(60) ? 15 : random.int(1, 15);
    ranges.push({ ...range, lanes });
    if (flaws.length > 0 || !random.chance(3)) packed += packClaim(range, lanes, tree);
    else {
      const olds = lanesOf(range, tree).map((lane, i) => (i === 0 ? lane + 1n : lane));
      const all = [...tree.lanes];
      while (all.length < (range.firstWord + 1) * 4) all.push(0n);
      all[range.firstWord * 4] = olds[0]!;
      const args = [BigInt(range.firstWord), new Tree(all).root, tree.root];
      flaws.push({ error: "LedgerRootMismatch", args });
      packed += packRange(range, olds) + hex(lanes, 1) + packSiblings(range, tree);
    }
  }
  return { ranges, packed, flaws };
}

/** The guardian pauses attestations. */
export const pause: Action = (world, random) => {
  const duration = random.chance(15)
    ? random.pick([0n, 7n * DAY + 1n])
    : random.magnitude(random.chance(90) ? 3_600n : 7n * DAY);
  const key = random.chance(4) ? world.actors.stranger : world.actors.guardian;
  return {
    key,
    to: world.addresses.compute,
    data: callData("compute", "pauseAttestations", duration),
    expect: () => verbs.pause(world.system, callerOf(world, key), duration),
  };
};

/** The guardian ends a pause. */
export const resume: Action = (world, random) =>
  restricted(world, random, "resumeAttestations", "guardian", verbs.resume);

/** Governance allows another pause. */
export const rearm: Action = (world, random) => restricted(world, random, "rearmPause", "governance", verbs.rearm);

function restricted(
  world: World,
  random: Random,
  name: string,
  holder: "guardian" | "governance",
  verb: typeof verbs.resume,
) {
  const key = random.chance(10) ? world.actors.stranger : world.actors[holder];
  const data = callData("compute", name);
  return { key, to: world.addresses.compute, data, expect: () => verb(world.system, callerOf(world, key)) };
}
