import {
  BLOCK_SECONDS,
  EMISSION_START,
  LedgerTree,
  blockAt,
  bytesToHex,
  keccak256Text,
  localSigner,
  routerSetDigest,
  type Address,
  type Hash32,
  type Hex,
  type LocalSigner,
  type Signed,
  type TypedDataSigner,
} from "@yellowstone-compute/sdk";
import type { JournaledRouter } from "@yellowstone-compute/sdk/journal";
import type { Rows } from "../rows.js";
import {
  START_MS,
  admitAll,
  openBenchRouter,
  postBids,
  reportAll,
  reportOf,
  rfcOf,
  routerKey,
  set,
  withFolder,
} from "./router.js";

const AT_ONCE = 500;
const REPORTS_PER_BLOCK = 5_000;
const BLOCKS_PER_ATTESTATION = 5n;
/** A snapshot is taken every 50,000 inputs, a request and a report are two. */
const REPORTS_BEHIND_SNAPSHOT = 24_000;
const MEBIBYTE = 1_048_576;
const SIGNATURE: Hex = `0x${"11".repeat(64)}1b`;

/**
 * A long day of one router: memory, journal and restart after so many reports. The figures are about what is kept, so the
 * signatures are neither made nor checked; the rates of the pipeline are measured with real ones.
 */
export async function enduranceRows(rows: Rows, reports: number): Promise<void> {
  const marks = new Set([reports / 10, reports / 2, reports].map((mark) => Math.ceil(mark / AT_ONCE) * AT_ONCE));
  await withFolder(async (path) => {
    const trust = { signer: localSigner(keccak256Text("bench: anybody")).address };
    const options = { recover: () => trust.signer, signer: unsigned(routerKey.address) };
    let router = await openBenchRouter(path, options);
    trust.signer = localSigner(keccak256Text("bench: owner")).address;
    await postBids(router, START_MS);
    const begun = router.journal().bytes;
    const users = Array.from({ length: 100 }, (_, i) => localSigner(keccak256Text(`bench: user ${i}`)));
    const day = new Day(router, users, trust);
    while (day.reports < reports) {
      await day.go();
      if (marks.has(day.reports)) {
        rows.add("memory of the process (RSS)", day.reports, process.memoryUsage().rss / MEBIBYTE, "MiB");
      }
    }
    const { bytes, inputs } = router.journal();
    rows.add("journal per report, all inputs and the snapshot", day.reports, (bytes - begun) / day.reports, "bytes");
    rows.add("inputs a second, signatures left out", inputs, inputs / day.seconds, "per s");
    // Nearly as many inputs as ever lie behind a snapshot.
    while (day.reports < reports + REPORTS_BEHIND_SNAPSHOT) await day.go();
    const digest = router.digest();
    // Let go of the file as a dead process does: without a last snapshot.
    router = await reopen(rows, path, options, day.reports, router);
    if (router.digest() !== digest) throw new TypeError("bench: the restart gave another state");
    router.close();
  });
}

async function reopen(
  rows: Rows,
  path: string,
  options: Parameters<typeof openBenchRouter>[1],
  reports: number,
  before: JournaledRouter,
): Promise<JournaledRouter> {
  before.abandon();
  const startedAt = performance.now();
  const router = await openBenchRouter(path, options);
  rows.add("restart after a crash", reports, (performance.now() - startedAt) / 1_000, "s");
  rows.add("restart after a crash, inputs replayed", reports, router.journal().replayed, "inputs");
  return router;
}

/** Requests, reports, blocks and attestations, one after the other. */
class Day {
  reports = 0;
  seconds = 0;
  #atMs = START_MS;
  #root = bytesToHex(LedgerTree.empty().root()) as Hash32;
  #seq = 0n;
  #nextBlock = 0n;

  constructor(
    private readonly router: JournaledRouter,
    private readonly users: readonly LocalSigner[],
    private readonly trust: { signer: Address },
  ) {}

  async go(): Promise<void> {
    const user = this.users[(this.reports / AT_ONCE) % this.users.length]!.address;
    this.trust.signer = user;
    const rfcs = Array.from({ length: AT_ONCE }, (_, i): Signed<"Rfc"> => {
      const value = rfcOf(user, user, BigInt(this.reports + i), this.#atMs);
      return { kind: "Rfc", value, signer: user, signature: SIGNATURE };
    });
    const startedAt = performance.now();
    const matched = await admitAll(this.router, rfcs, this.#atMs);
    const signed = matched.map((each): Signed<"InferenceReport"> => {
      return { kind: "InferenceReport", value: reportOf(each), signer: user, signature: SIGNATURE };
    });
    this.#atMs += 21_000n;
    await reportAll(this.router, signed, this.#atMs);
    this.reports += AT_ONCE;
    if (this.reports % REPORTS_PER_BLOCK === 0) await this.#closeBlock();
    this.seconds += (performance.now() - startedAt) / 1_000;
  }

  async #closeBlock(): Promise<void> {
    this.#atMs += BigInt(BLOCK_SECONDS) * 1_000n;
    await this.router.closeBlocks(this.#atMs);
    if (BigInt(this.reports / REPORTS_PER_BLOCK) % BLOCKS_PER_ATTESTATION !== 0n) return;
    const openBlock = blockAt(this.#atMs / 1_000n, EMISSION_START);
    const head = { lastSeq: this.#seq, headRoot: this.#root, nextBlock: this.#nextBlock, openBlock };
    const draft = this.router.propose({ ...head, routerSet: routerSetDigest(set) }, 10n ** 15n, this.#atMs);
    if (draft === undefined) throw new TypeError("bench: nothing to attest");
    await this.router.sign(draft);
    this.router.accepted(draft);
    this.router.settled(draft.attestation.seq);
    this.#seq = draft.attestation.seq;
    this.#root = draft.attestation.newRoot;
    this.#nextBlock = draft.attestation.lastBlock + 1n;
  }
}

/** Signs nothing and takes no time. */
function unsigned(address: Address): TypedDataSigner {
  return { getAddress: () => Promise.resolve(address), signTypedData: () => Promise.resolve(SIGNATURE) };
}
