import { LANES, UMOR, min } from "../../model/units.js";
import type { Debit } from "../../model/ledger.js";
import type { Refusal } from "../../model/outcome.js";
import { digestOf } from "../../model/routers.js";
import { Tree } from "../../model/tree.js";
import { attest, hashDebits, packDebits, type Attestation, type Update } from "../../model/verbs/attest.js";
import { callData } from "../../wire/abi.js";
import { sizeOf } from "../../wire/bytes.js";
import { attestationDigest, attestationWords } from "../../wire/digests.js";
import { packQuorum } from "../../wire/quorum.js";
import { lanesOf, packRange, packWitness, widthOf } from "../../wire/ranges.js";
import type { Random } from "../random.js";
import { callerOf, drawRange, forecast, rolled, waitFor, type Action, type World } from "../world.js";
import { QUORUM_FAULTS, drawQuorum } from "./quorums.js";

const DELTA_BITS = 44;
const MAX_DELTA = (1n << BigInt(DELTA_BITS)) - 1n;

const FAULTS = {
  expired: 3,
  seq: 2,
  staleRoot: 2,
  gap: 2,
  order: 1,
  incomplete: 3,
  debitsHash: 2,
  empty: 1,
  newRoot: 2,
  sum: 2,
  oldLane: 2,
  unregistered: 2,
  staleSet: 1,
  trailing: 1,
  zeroDebit: 1,
  tooManyDebits: 1,
} as const;
type Fault = keyof typeof FAULTS | keyof typeof QUORUM_FAULTS;

interface Payload {
  readonly updates: Update[];
  readonly deltas: string;
  readonly witness: string;
  readonly newRoot: bigint;
  readonly credited: bigint;
}

/** A signed attestation: credits in random ranges, debits, and now and then one fault. */
export const attestAction: Action = (world, random) => {
  const { system, keys, actors, addresses, computeDomain } = world;
  const { ledger, routers } = system;
  if (system.pausedUntil > world.now && random.chance(30)) waitFor(world, random, system.pausedUntil);
  const fault: Fault | undefined = random.chance(20) ? random.weighted({ ...FAULTS, ...QUORUM_FAULTS }) : undefined;
  const room = forecast(world);
  const debits = fault === "empty" ? [] : drawDebits(world, random, fault, rolled(world).debitRoom / UMOR);
  const credit =
    fault === "empty" || (debits.length > 0 && random.chance(20)) ? 0n : drawCredit(random, room.allowance);
  const payload = drawPayload(world, random, credit, fault);
  if (payload.credited === 0n && debits.length === 0 && fault === undefined) return undefined;
  const quorum = drawQuorum(
    world,
    random,
    fault !== undefined && fault in QUORUM_FAULTS ? (fault as never) : undefined,
  );
  const fine: Attestation = {
    seq: ledger.lastSeq + 1n,
    previousRoot: ledger.tree.root,
    newRoot: payload.newRoot,
    credited: payload.credited,
    debitsHash: hashDebits(debits),
    firstBlock: ledger.nextBlock,
    lastBlock: drawLastBlock(world, random),
    reportsRoot: random.word(),
    routerSet: random.chance(50) ? digestOf(quorum.set) : routers.digest,
    deadline: world.now + random.pick([0n, 1n, 3_600n]),
  };
  const message = { ...fine, ...broken(world, random, fine, fault) };
  const extra = fault === "trailing" ? random.int(1, 40) : 0;
  const format: Refusal[] = extra > 0 ? [{ error: "LedgerTrailingBytes", args: [BigInt(extra)] }] : [];
  if (debits.length > 32) {
    format.push({ error: "DebitsLengthInvalid", args: [BigInt(sizeOf(packDebits(debits)))] });
  }
  const input = { message, updates: payload.updates, packedDeltas: payload.deltas, debits, quorum, format };
  return {
    key: actors.stranger,
    to: addresses.compute,
    data: callData(
      "compute",
      "attest",
      attestationWords(message),
      payload.deltas,
      payload.witness + "00".repeat(extra),
      packDebits(debits),
      packQuorum(quorum, attestationDigest(computeDomain, message), keys),
    ),
    expect: () => attest(system, callerOf(world, actors.stranger), input),
  };
};

function drawCredit(random: Random, allowanceWei: bigint): bigint {
  const all = allowanceWei / UMOR;
  const kind = random.weighted({ part: 75, all: 12, above: 6, one: 7 });
  if (kind === "part") return random.magnitude(all / 4n);
  if (kind === "one") return 1n;
  return kind === "all" ? all : all + 1n;
}

function drawDebits(world: World, random: Random, fault: Fault | undefined, roomUMor: bigint): Debit[] {
  const ids = world.system.registry.providers.length;
  if (ids === 0 || !(fault === "zeroDebit" || fault === "tooManyDebits" || random.chance(30))) return [];
  const count = fault === "tooManyDebits" ? 33 : random.chance(5) ? 32 : random.int(1, 4);
  const whole = random.chance(5) ? roomUMor + 1n : random.magnitude(roomUMor / 2n);
  if (whole < BigInt(count)) return [];
  const debits = Array.from({ length: count }, () => ({
    id: random.int(0, ids - 1),
    amountUMor: whole / BigInt(count),
    reasonHash: random.word(),
  }));
  debits[0] = { ...debits[0]!, amountUMor: whole - (whole / BigInt(count)) * BigInt(count - 1) };
  if (fault === "zeroDebit") debits[count - 1] = { ...debits[count - 1]!, amountUMor: 0n };
  return debits;
}

function drawLastBlock({ system, now }: World, random: Random): bigint {
  const { nextBlock } = system.ledger;
  const complete = system.heightOf(now) - 1n;
  if (nextBlock === 0n && complete < 0n) return 0n;
  if (complete < nextBlock || (nextBlock > 0n && random.chance(15))) return nextBlock - 1n;
  return random.chance(60) ? complete : random.big(nextBlock, complete);
}

/** Split `credit` over the lanes of random ranges. */
function drawPayload(world: World, random: Random, credit: bigint, fault: Fault | undefined): Payload {
  const { ledger, registry } = world.system;
  const ids = registry.providers.length;
  let { tree } = ledger;
  let rest = credit;
  const updates: Update[] = [];
  let [deltas, witness] = ["", ""];
  let credited = 0n;
  const count =
    ids === 0 || (credit === 0n && random.chance(80)) ? 0 : random.weighted({ one: 60, two: 25, three: 15 });
  for (let left = count === 0 ? 0 : { one: 1, two: 2, three: 3 }[count]; left > 0; left--) {
    const range = drawRange(random, tree.lanes, ids);
    const olds = lanesOf(range, tree);
    const reach = fault === "unregistered" ? olds.length : Math.min(olds.length, ids - range.firstWord * LANES);
    const added = spread(random, left === 1 ? rest : rest / BigInt(left), olds.length, reach);
    const sum = added.reduce((total, delta) => total + delta, 0n);
    rest -= sum;
    credited += sum;
    const lie = fault === "oldLane" && left === 1 ? olds.map((old, i) => (i === 0 ? old + 1n : old)) : olds;
    updates.push({ ...range, deltas: added, olds: lie });
    deltas += packRange(range, added, random.chance(10) && widthOf(added) < DELTA_BITS ? 1 : 0);
    witness += packWitness(range, lie, tree);
    const lanes = [...tree.lanes];
    while (lanes.length < range.firstWord * LANES + reach) lanes.push(0n);
    added.forEach((delta, i) => {
      if (delta > 0n) lanes[range.firstWord * LANES + i]! += delta;
    });
    tree = new Tree(lanes);
  }
  return { updates, deltas, witness, newRoot: tree.root, credited };
}

function spread(random: Random, credit: bigint, size: number, reach: number): bigint[] {
  const deltas = Array.from({ length: size }, () => 0n);
  let rest = credit;
  const parts = random.int(1, Math.max(1, Math.min(reach, 12)));
  for (let i = parts; i > 0 && rest > 0n; i--) {
    const at = random.int(0, reach - 1);
    const part = min(i === 1 ? rest : random.magnitude(rest), MAX_DELTA - deltas[at]!);
    deltas[at]! += part;
    rest -= part;
  }
  return deltas;
}

function broken(world: World, random: Random, fine: Attestation, fault: Fault | undefined): Partial<Attestation> {
  const { ledger } = world.system;
  const off = random.pick([-1n, 1n]);
  switch (fault) {
    case "expired":
      return { deadline: world.now - random.pick([1n, 100n]) };
    case "seq":
      return { seq: fine.seq + off };
    case "staleRoot":
      return { previousRoot: random.chance(50) ? random.word() : (ledger.standing[0]?.tree.root ?? random.word()) };
    case "gap":
      return fine.firstBlock + off < 0n ? {} : { firstBlock: fine.firstBlock + off };
    case "order":
      return fine.firstBlock < 2n ? {} : { lastBlock: fine.firstBlock - 2n };
    case "incomplete":
      return { lastBlock: world.system.heightOf(world.now) + random.pick([0n, 1n]) };
    case "debitsHash":
      return { debitsHash: fine.debitsHash === 0n ? random.word() : random.pick([0n, random.word()]) };
    case "newRoot":
      return { newRoot: random.word() };
    case "sum":
      return { credited: fine.credited + (fine.credited === 0n ? 1n : off) };
    case "staleSet":
      return { routerSet: random.word() };
    default:
      return {};
  }
}
