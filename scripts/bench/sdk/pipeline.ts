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
import { recover } from "tiny-secp256k1";
import type { Rows } from "../rows.js";
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

const LIBRARY = "tiny-secp256k1";
/** Messages that are under way at the same time. */
const AT_ONCE = 500;
const ROUNDS = 11;
const USERS = 50;

/** Seconds spent, by what. */
type Clock = Record<"bare" | "admit" | "report", number>;

/**
 * The whole path of a message against the bare recovery of a signature: in turns, so that both see the same machine. A
 * request pays the router's own signature of the match as well; a report is verify, meter, gate, credit, journal.
 */
export async function pipelineRows(rows: Rows): Promise<void> {
  const one = await measure(undefined);
  const n = AT_ONCE * ROUNDS;
  const perSecond = (seconds: number, messages = n): number => messages / seconds;
  const bare = perSecond(one.bare);
  rows.add("recover a signer, library alone", n, bare, "per s", LIBRARY);
  rows.add("report: verify, meter, gate, credit, journal", n, perSecond(one.report), "per s");
  rows.add("report, of the bare rate", n, (100 * perSecond(one.report)) / bare, "%");
  rows.add("request: verify, place, journal, sign the match", n, perSecond(one.admit), "per s");
  const whole = perSecond(one.admit + one.report, 2 * n);
  rows.add("request and report, signatures checked", 2 * n, whole, "per s");
  rows.add("request and report, of the bare rate", 2 * n, (100 * whole) / bare, "%");
  for (const workers of [1, 2]) {
    const { bare: alone, admit, report } = await measure(workers);
    const rate = perSecond(alone);
    const label = `${workers} worker${workers === 1 ? "" : "s"}`;
    rows.add(`report, ${label}, of the bare rate of one core`, n, (100 * perSecond(report)) / rate, "%");
    rows.add(
      `request and report, ${label}, of the bare rate of one core`,
      2 * n,
      (100 * perSecond(admit + report, 2 * n)) / rate,
      "%",
    );
  }
}

async function measure(workers: number | undefined): Promise<Clock> {
  const pool = workers === undefined ? undefined : createVerifierPool({ workers });
  try {
    return await withFolder(async (path) => {
      const router = await openBenchRouter(path, pool === undefined ? {} : { recover: pool.recover });
      await postBids(router, START_MS);
      const clock: Clock = { bare: 0, admit: 0, report: 0 };
      const users = Array.from({ length: USERS }, (_, i) => localSigner(keccak256Text(`bench: user ${i}`)));
      // The first rounds warm up and do not count.
      for (let round = -2; round < ROUNDS; round++) {
        const spent = await playRound(router, users, BigInt(round + 2));
        if (round >= 0) for (const part of ["bare", "admit", "report"] as const) clock[part] += spent[part];
      }
      router.close();
      return clock;
    });
  } finally {
    await pool?.close();
  }
}

async function playRound(router: JournaledRouter, users: readonly LocalSigner[], round: bigint): Promise<Clock> {
  const atMs = START_MS + round * 30_000n;
  const queryKey = localSigner(keccak256Text(`bench: query ${round}`));
  const rfcs: Signed<"Rfc">[] = [];
  for (let i = 0; i < AT_ONCE; i++) {
    const user = users[i % users.length]!;
    const value = rfcOf(user.address, queryKey.address, round * BigInt(AT_ONCE) + BigInt(i), atMs);
    rfcs.push(await signMessage(user, "Rfc", value, domain));
  }
  const bare = timeBare(rfcs);
  let startedAt = performance.now();
  const matched = await admitAll(router, rfcs, atMs);
  const admit = (performance.now() - startedAt) / 1_000;
  const reports: Signed<"InferenceReport">[] = [];
  for (const each of matched) reports.push(await signMessage(queryKey, "InferenceReport", reportOf(each), domain));
  startedAt = performance.now();
  await reportAll(router, reports, atMs + 21_000n);
  return { bare, admit, report: (performance.now() - startedAt) / 1_000 };
}

function timeBare(rfcs: readonly Signed<"Rfc">[]): number {
  const asked = rfcs.map(({ value, signature }) => {
    const bytes = hexToBytes(signature);
    const recovery = (bytes[64]! - 27) as 0 | 1;
    return { digest: hexToBytes(hashMessage("Rfc", value, domain)), rs: bytes.subarray(0, 64), recovery };
  });
  const startedAt = performance.now();
  for (const { digest, rs, recovery } of asked) {
    if (recover(digest, rs, recovery, false) === null) throw new TypeError("bench: nothing recovered");
  }
  return (performance.now() - startedAt) / 1_000;
}
