import type { Question } from "../chain/probe.js";
import type { Place } from "../model/outcome.js";
import { packSet } from "../model/routers.js";
import { listHash, totalOf } from "../model/seasons.js";
import { wordOf } from "../model/tree.js";
import { LANES, MAX_PENDING } from "../model/units.js";
import { maskOf } from "../model/verbs/bootstrap.js";
import { callData } from "../wire/abi.js";
import { keccak } from "../wire/bytes.js";
import type { Random } from "./random.js";
import type { World } from "./world.js";

const CONSTANT = new Map<string, string>();

function ask(
  world: World,
  place: Place,
  name: string,
  expected: readonly (bigint | boolean)[],
  ...args: bigint[]
): Question {
  const key = `${place}.${name}`;
  let data = args.length === 0 ? CONSTANT.get(key) : undefined;
  data ??= callData(place, name, ...args);
  if (args.length === 0) CONSTANT.set(key, data);
  const to = world.addresses[place as keyof World["addresses"]];
  const label = args.length === 0 ? key : `${key}(${args.join(", ")})`;
  return { label, to, data, expected: expected.map((value) => BigInt(value)) };
}

/** Figures that are no record of a provider, an attestation, a slash or a season. */
export function scalarsOf(world: World): Question[] {
  const { reserve, ledger, registry, routers, seasons, token, pausedUntil, armed } = world.system;
  const compute = (name: string, ...expected: (bigint | boolean)[]) => ask(world, "compute", name, expected);
  return [
    compute("unusedWei", reserve.unused),
    compute("owedWei", reserve.owed),
    compute("bootstrapWei", reserve.bootstrap),
    compute("bootstrapAccruedWei", reserve.accrued),
    compute("bootstrapReleased", reserve.released),
    compute("freshWei", reserve.fresh),
    compute("openingWei", reserve.opening),
    compute("scheduledTodayWei", reserve.scheduled),
    compute("day", reserve.day),
    compute("attestedUMor", reserve.attestedUMor),
    compute("attestedAtOpeningUMor", reserve.attestedAtOpeningUMor),
    compute("debitedTodayUMor", reserve.debitedTodayUMor),
    compute("accountedWei", reserve.accounted),
    compute("budgetWei", reserve.budget),
    compute("drawnTodayWei", reserve.drawn),
    compute("allowanceWei", reserve.allowance),
    compute("heldWei", reserve.held),
    compute("unbookedWei", reserve.unbooked),
    compute("lastSeq", ledger.lastSeq),
    compute("headSeq", ledger.headSeq),
    compute("nextBlock", ledger.nextBlock),
    compute("headRoot", ledger.tree.root),
    compute("pauseState", pausedUntil, armed),
    ask(world, "routers", "digest", [keccak(packSet(routers.set))]),
    ask(world, "routers", "epoch", [routers.set.epoch]),
    ask(world, "routers", "threshold", [routers.set.threshold]),
    ask(world, "registry", "minBondWei", [registry.minBondWei]),
    ask(world, "registry", "providerCount", [registry.count]),
    ask(world, "bootstrap", "nextSeason", [BigInt(seasons.next)]),
    ask(world, "bootstrap", "allottedUMor", [seasons.allottedUMor]),
    ask(world, "token", "totalSupply", [token.supply]),
    ask(world, "token", "balanceOf", [token.balanceOf(world.addresses.registry)], world.addresses.registry),
  ];
}

const OTHERS = 4;

/** Which scalars to ask for after a step: those that should have changed, and some that should not. */
export class Scalars {
  #last: readonly Question[] = [];

  /** Draw them; `all`: every one. */
  draw(world: World, random: Random, all: boolean): Question[] {
    const now = scalarsOf(world);
    const before = this.#last;
    this.#last = now;
    if (all) return now;
    const drawn = now.filter(({ expected }, i) => expected.some((value, k) => value !== before[i]?.expected[k]));
    for (let i = 0; i < OTHERS; i++) drawn.push(random.pick(now));
    return drawn;
  }
}

/** Figures of a provider: its record, possessions, settled credits and the balance where it is paid. */
export function providerFigures(world: World, id: number): Question[] {
  const { registry, ledger, token } = world.system;
  const p = registry.providers[id]!;
  const record = [p.owner, p.payout, p.bondWei, p.debtUMor, p.exitAt, p.exited];
  const pending = [p.pendingOwner, p.pendingOwnerAt, p.pendingPayout, p.pendingPayoutAt];
  const word = Math.floor(id / LANES);
  const modelId = BigInt((id % 5) + 1);
  return [
    ask(world, "registry", "providerOf", [...record, ...pending], BigInt(id)),
    ask(world, "registry", "isBonded", [registry.isBonded(p)], BigInt(id)),
    ask(world, "registry", "hasModel", [registry.hasModel(id, modelId)], BigInt(id), modelId),
    ask(world, "compute", "settledWord", [wordOf(ledger.settled, word)], BigInt(word)),
    ask(world, "token", "balanceOf", [token.balanceOf(p.payout)], p.payout),
    ask(world, "token", "balanceOf", [token.balanceOf(p.owner)], p.owner),
  ];
}

/** Figures of an attestation, standing or not. */
export function attestationFigures(world: World, seq: bigint): Question[] {
  const { ledger } = world.system;
  const entry = ledger.find(seq);
  const open = entry !== undefined && entry.debitsHash !== 0n && !entry.debitsBooked;
  const sum = open ? entry.debits.reduce((total, { amountUMor }) => total + amountUMor, 0n) : 0n;
  const figures = [
    ask(world, "compute", "rootOf", [entry?.tree.root ?? 0n], seq),
    ask(world, "compute", "debitsOf", open ? [entry.debitsHash, sum, entry.debitDay] : [0n, 0n, 0n], seq),
  ];
  if (entry === undefined) return figures;
  figures.push(ask(world, "compute", "activeAtOf", [ledger.activeAtOf(entry)], seq));
  if (ledger.lastSeq - seq >= MAX_PENDING) return figures;
  const before = ledger.before(entry);
  const attested = ledger.standing.reduce((total, each) => (each.seq < seq ? total + each.creditedUMor : total), 0n);
  const firstBlock = before?.nextBlock ?? ledger.firstBlock;
  const period = before === undefined ? 0n : ledger.periodOf(before.activeAt);
  const record = [seq, before?.seq ?? 0n, firstBlock, entry.activeAt, attested, entry.debitsHash !== 0n, period];
  figures.push(ask(world, "compute", "recordOf", record, seq));
  return figures;
}

/** Figures of a season, and the roots that weigh it. */
export function seasonFigures(world: World, at: number): Question[] {
  const { seasons, ledger } = world.system;
  const season = seasons.seasons[at]!;
  const moments = [seasons.startOf(at), seasons.endOf(at), seasons.entryEndOf(at)];
  const total = season.closed ? totalOf(season.list) : 0n;
  const state = [listHash(season.list), season.closed, season.poolUMor, total, maskOf(season.awarded)];
  const [before, after] = [ledger.standingAt(BigInt(at)), ledger.standingAt(BigInt(at) + 1n)];
  const roots = [before, after].flatMap((entry) => [entry?.seq ?? 0n, ledger.treeOf(entry).root]);
  return [
    ask(world, "bootstrap", "seasonOf", [...moments, ...state], BigInt(at)),
    ask(world, "bootstrap", "rootsOf", roots, BigInt(at)),
    ask(world, "compute", "standingAt", roots.slice(2), BigInt(at) + 1n),
  ];
}

/** Figures of a slash. */
export function slashFigures(world: World, eventId: bigint): Question[] {
  const slash = world.system.registry.slashes.get(eventId);
  const { id = 0, executableAt = 0n, state = 0n, amountWei = 0n } = slash ?? {};
  return [ask(world, "registry", "slashOf", [BigInt(id), executableAt, state, amountWei], eventId)];
}

/** Figures of the records that a step touched. */
export function touchedFigures(world: World): Question[] {
  const questions = [...world.system.touched].flatMap((key) => {
    const [kind, at = ""] = key.split(" ");
    if (kind === "provider") return providerFigures(world, Number(at));
    if (kind === "attestation") return attestationFigures(world, BigInt(at));
    return kind === "season" ? seasonFigures(world, Number(at)) : slashFigures(world, BigInt(at));
  });
  world.system.touched.clear();
  return questions;
}

/** Every record there is; of attestations the last ones. */
export function allFigures(world: World): Question[] {
  const { registry, ledger, seasons, reserve } = world.system;
  const questions = registry.providers.flatMap((_, id) => providerFigures(world, id));
  questions.push(ask(world, "compute", "bootstrapTargetWei", [reserve.target(world.now)], world.now));
  for (let seq = ledger.lastSeq; seq > 0n && seq > ledger.lastSeq - 40n; seq--) {
    questions.push(...attestationFigures(world, seq));
  }
  const oldest = ledger.standing[0];
  if (oldest !== undefined) questions.push(...attestationFigures(world, oldest.seq));
  seasons.seasons.forEach((_, at) => questions.push(...seasonFigures(world, at)));
  for (const eventId of registry.slashes.keys()) questions.push(...slashFigures(world, eventId));
  return questions;
}
