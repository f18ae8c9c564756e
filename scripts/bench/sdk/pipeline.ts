import {
  hashMessage,
  hexToBytes,
  keccak256Text,
  localSigner,
  signMessage,
  type LocalSigner,
  type Signed,
} from "@yellowstone-compute/sdk";
import type { JournaledRouter } from "@yellowstone-compute/sdk/journal";
import { createVerifierPool } from "@yellowstone-compute/sdk/service";
import { median } from "../rounds.js";
import type { Rows } from "../rows.js";
import { curveInUse, type BareCurve } from "./curves.js";
import {
  START_MS,
  admitAll,
  domain,
  openBenchRouter,
  postBids,
  reportAll,
  reportOf,
  rfcOf,
  withFolder,
} from "./router.js";

/** Messages that are under way at the same time. */
const AT_ONCE = 500;
/** A router runs for weeks: what counts is the rate when its code is compiled, which takes some thousands of messages. */
const WARM_UP = 10;
const ROUNDS = 11;
const USERS = 50;

/** Seconds that a round spent, by what: the library alone, and the router with each kind of message. */
type Clock = Record<"recover" | "sign" | "admit" | "report", number> & {
  /** CPU seconds of this thread: they do not grow with what else the machine does. */
  readonly cpu: Record<"recover" | "report", number>;
};

/**
 * The whole path of a message against the bare recovery of a signature. Both are timed in every round, and a share is the
 * median over the rounds: so that they see the same machine, however busy it is. A request pays the router's own signature
 * of the match as well; a report is verify, meter, gate, credit, journal.
 */
export async function pipelineRows(rows: Rows): Promise<void> {
  const n = AT_ONCE * ROUNDS;
  const perSecond = (rounds: readonly Clock[], seconds: (clock: Clock) => number): number => {
    return AT_ONCE / median(rounds.map(seconds));
  };
  const share = (rounds: readonly Clock[], bare: (clock: Clock) => number, whole: (clock: Clock) => number): number => {
    return 100 * median(rounds.map((clock) => bare(clock) / whole(clock)));
  };
  const alone = await measure(undefined);
  rows.add(
    "report: verify, meter, gate, credit, journal",
    n,
    perSecond(alone, ({ report }) => report),
    "per s",
  );
  rows.add(
    "report, of the bare rate",
    n,
    share(
      alone,
      ({ recover }) => recover,
      ({ report }) => report,
    ),
    "%",
  );
  rows.add(
    "request: verify, place, journal, sign the match",
    n,
    perSecond(alone, ({ admit }) => admit),
    "per s",
  );
  const ofCpu = (rounds: readonly Clock[]): number => 100 * median(rounds.map(({ cpu }) => cpu.recover / cpu.report));
  rows.add("report, of the bare rate, by CPU time", n, ofCpu(alone), "%");
  const both = ({ admit, report }: Clock): number => admit + report;
  rows.add(
    "request and report, of two bare recoveries",
    n,
    share(alone, ({ recover }) => 2 * recover, both),
    "%",
  );
  const bareBoth = ({ recover, sign }: Clock): number => 2 * recover + sign;
  rows.add("request and report, of two recoveries and a signature", n, share(alone, bareBoth, both), "%");
  for (const workers of [1, 2]) {
    const rounds = await measure(workers);
    const label = `${workers} worker${workers === 1 ? "" : "s"}`;
    rows.add(`report, ${label}, of the bare rate, by CPU time of this thread`, n, ofCpu(rounds), "%");
    rows.add(
      `report, ${label}, of one core's bare rate`,
      n,
      share(
        rounds,
        ({ recover }) => recover,
        ({ report }) => report,
      ),
      "%",
    );
    rows.add(
      `request and report, ${label}, of two bare recoveries`,
      n,
      share(rounds, ({ recover }) => 2 * recover, both),
      "%",
    );
  }
}

async function measure(workers: number | undefined): Promise<Clock[]> {
  const pool = workers === undefined ? undefined : createVerifierPool({ workers });
  const curve = await curveInUse();
  try {
    return await withFolder(async (path) => {
      const router = await openBenchRouter(path, pool === undefined ? {} : { recover: pool.recover });
      await postBids(router, START_MS);
      const users = Array.from({ length: USERS }, (_, i) => localSigner(keccak256Text(`bench: user ${i}`)));
      const rounds: Clock[] = [];
      // The first rounds warm up and do not count.
      for (let round = 0; round < WARM_UP + ROUNDS; round++)
        rounds.push(await playRound({ router, users, curve }, BigInt(round)));
      router.close();
      return rounds.slice(WARM_UP);
    });
  } finally {
    await pool?.close();
  }
}

interface Players {
  readonly router: JournaledRouter;
  readonly users: readonly LocalSigner[];
  readonly curve: BareCurve;
}

async function playRound({ router, users, curve }: Players, round: bigint): Promise<Clock> {
  const atMs = START_MS + round * 30_000n;
  const queryKey = localSigner(keccak256Text(`bench: query ${round}`));
  const rfcs: Signed<"Rfc">[] = [];
  for (let i = 0; i < AT_ONCE; i++) {
    const user = users[i % users.length]!;
    const value = rfcOf(user.address, queryKey.address, round * BigInt(AT_ONCE) + BigInt(i), atMs);
    rfcs.push(await signMessage(user, "Rfc", value, domain));
  }
  const bare = timeBare(curve, rfcs);
  let startedAt = performance.now();
  const matched = await admitAll(router, rfcs, atMs);
  const admit = (performance.now() - startedAt) / 1_000;
  const reports: Signed<"InferenceReport">[] = [];
  for (const each of matched) reports.push(await signMessage(queryKey, "InferenceReport", reportOf(each), domain));
  startedAt = performance.now();
  const startedCpu = threadSeconds();
  await reportAll(router, reports, atMs + 21_000n);
  const cpu = { recover: bare.cpu, report: threadSeconds() - startedCpu };
  return { ...bare, cpu, admit, report: (performance.now() - startedAt) / 1_000 };
}

function timeBare(
  curve: BareCurve,
  rfcs: readonly Signed<"Rfc">[],
): Pick<Clock, "recover" | "sign"> & { readonly cpu: number } {
  const asked = rfcs.map(({ value, signature }) => {
    const bytes = hexToBytes(signature);
    const recovery = (bytes[64]! - 27) as 0 | 1;
    return { digest: hexToBytes(hashMessage("Rfc", value, domain)), rs: bytes.subarray(0, 64), recovery };
  });
  const key = hexToBytes(keccak256Text("bench: bare"));
  const startedAt = performance.now();
  const startedCpu = threadSeconds();
  for (const { digest, rs, recovery } of asked) {
    if (curve.recover(digest, rs, recovery) === null) throw new TypeError("bench: nothing recovered");
  }
  const recoveredAt = performance.now();
  const cpu = threadSeconds() - startedCpu;
  for (const { digest } of asked) curve.sign(digest, key);
  return { cpu, recover: (recoveredAt - startedAt) / 1_000, sign: (performance.now() - recoveredAt) / 1_000 };
}

function threadSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}
