import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { LedgerBehindHead } from "@yellowstone-compute/sdk/errors";
import {
  createMemoryStorage,
  openRouter,
  openSqliteStorage,
  type JournaledRouter,
  type JournalStorage,
} from "@yellowstone-compute/sdk/journal";
import { CHAIN_LIMITS } from "@yellowstone-compute/sdk/ledger";
import { hashMessage } from "@yellowstone-compute/sdk/messages";
import { routerSetDigest } from "@yellowstone-compute/sdk/router";
import { WEI_PER_UMOR, blockAt, hash32 } from "@yellowstone-compute/sdk/units";
import { ROOT } from "../../utils/script.js";
import { EMISSION_START, NOON_MS, domain, set } from "../router/world.js";
import { crashBasis, type Point } from "./basis.js";
import { Stream, generator } from "./stream.js";

const POINTS: readonly Point[] = [
  "before-append",
  "after-append",
  "before-sign",
  "after-sign",
  "before-post",
  "before-compact",
  "after-compact",
  "any-time",
];
const STEPS = 150;
/** Far behind everything the stream does. */
const LATE_MS = NOON_MS + 3_600_000n;

/** The same stream without a crash: what the state was after each input, and what had been credited by then. */
export interface Reference {
  readonly digests: ReadonlyMap<number, string>;
  /** How often each place was passed: a child dies at one of these. */
  readonly passed: Readonly<Record<"append" | "sign" | "compact" | "post" | "time", number>>;
  /** Inputs after each step. */
  readonly inputs: readonly number[];
  readonly credits: readonly { readonly position: number; readonly providerId: bigint; readonly creditWei: bigint }[];
}

/** Run a stream in this process, in memory, and note the state before each input is made durable. */
export async function referenceOf(seed: number): Promise<Reference> {
  const digests = new Map<number, string>();
  const credits: { position: number; providerId: bigint; creditWei: bigint }[] = [];
  const passed = { append: 0, sign: 0, compact: 0, post: 0, time: 250 };
  const memory = createMemoryStorage();
  const watched: JournalStorage = {
    header: () => memory.header(),
    begin: (header, snapshot) => memory.begin(header, snapshot),
    append: (batch) => {
      passed.append++;
      digests.set(batch.first, router.digest());
      memory.append(batch);
    },
    read: (position) => memory.read(position),
    snapshot: () => memory.snapshot(),
    compact: (...args) => {
      passed.compact++;
      memory.compact(...args);
    },
    size: () => memory.size(),
    close: () => memory.close(),
  };
  const router: JournaledRouter = await openRouter({
    ...crashBasis,
    signer: {
      getAddress: () => crashBasis.signer.getAddress(),
      signTypedData: (...args) => {
        passed.sign++;
        return crashBasis.signer.signTypedData(...args);
      },
    },
    storage: watched,
    observer: (event) => {
      if (event.kind !== "report") return;
      const { providerId, creditWei } = event.judged;
      credits.push({ position: router.journal().inputs, providerId, creditWei });
    },
  });
  const stream = new Stream(router, seed, () => void passed.post++);
  await stream.begin();
  const inputs: number[] = [];
  for (let i = 0; i < STEPS; i++) {
    await stream.step();
    inputs.push(router.journal().inputs);
  }
  digests.set(router.journal().inputs, router.digest());
  return { digests, passed, inputs, credits };
}

/** Kill a router at a point drawn from `draw`, open its journal again, and compare with the run without a crash. */
export async function crashOnce(seed: number, draw: number, reference: Reference): Promise<string> {
  const random = generator(draw);
  const where = POINTS[draw % POINTS.length] as Point;
  const place = where.slice(where.indexOf("-") + 1) as keyof Reference["passed"];
  const most = reference.passed[place];
  const nth = 1 + random(most);
  const folder = mkdtempSync(join(tmpdir(), "yellowstone-journal-"));
  const path = join(folder, "journal.db");
  try {
    const lines = await runChild(
      [path, String(seed), String(STEPS), `${where} ${nth}`],
      where === "any-time" ? nth : 0,
    );
    await compare(path, lines, reference);
    return `${where} ${nth}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(path: string, lines: readonly string[], reference: Reference): Promise<void> {
  const { digests, credits } = reference;
  const router = await openRouter({ ...crashBasis, storage: await openSqliteStorage(path), verify: "all" });
  try {
    const { inputs } = router.journal();
    const told = lines.map((line) => line.split(" "));
    const steps = told.filter(([word]) => word === "step").length;
    const acknowledged = steps === 0 ? 0 : reference.inputs[steps - 1];
    expect(inputs, "nothing that was acknowledged is lost").to.be.at.least(acknowledged);
    expect(router.digest(), `state after ${inputs} inputs`).to.equal(digests.get(inputs));
    await finish(router, told);
    const expected = new Map<bigint, bigint>();
    for (const { position, providerId, creditWei } of credits) {
      if (position <= inputs) expected.set(providerId, (expected.get(providerId) ?? 0n) + creditWei);
    }
    const tree = await attestAll(router);
    for (const [providerId, creditWei] of expected) {
      expect(tree(Number(providerId)), `credits of ${providerId}`).to.equal(creditWei / WEI_PER_UMOR);
    }
  } finally {
    router.close();
  }
}

/** What the dead process had signed is signed again with the same content, and nothing else is under its seq or height. */
async function finish(router: JournaledRouter, told: readonly string[][]): Promise<void> {
  for (const [word, seq = "", digest] of told) {
    if (word !== "signed") continue;
    const draft = router.boundDraft(BigInt(seq));
    if (draft === undefined) continue;
    expect(hashMessage("Attestation", (await router.sign(draft)).value, domain)).to.equal(digest);
    const other = { ...draft, attestation: { ...draft.attestation, deadline: draft.attestation.deadline } };
    Object.assign(other.attestation, { deadline: draft.attestation.deadline + 1n });
    const refused = await router.sign(other).catch((error: { code?: string }) => error.code);
    expect(refused, "a second content of one seq").to.equal("SeqAlreadySigned");
    router.accepted(draft);
  }
  const blocks = new Map((await router.closeBlocks(LATE_MS)).map(({ hash, signed }) => [signed.value.height, hash]));
  for (const [word, height = "", hash] of told) {
    const again = word === "block" ? blocks.get(BigInt(height)) : undefined;
    if (again !== undefined) expect(again, `block ${height}`).to.equal(hash);
  }
}

/** Attest all that waits, and give the lanes. */
async function attestAll(router: JournaledRouter): Promise<(id: number) => bigint> {
  const openBlock = blockAt(LATE_MS / 1_000n, EMISSION_START);
  const propose = (headRoot: string) => {
    const fixed = { nextBlock: 0n, openBlock, routerSet: routerSetDigest(set), lastSeq: 1_000n };
    return router.propose({ ...fixed, headRoot: hash32(headRoot) }, 10n ** 15n, LATE_MS, CHAIN_LIMITS.geth, debits);
  };
  const debits = [{ providerId: 1n, amountUMor: 1n, reasonHash: `0x${"00".repeat(32)}` }] as never;
  try {
    propose(`0x${"11".repeat(32)}`);
  } catch (error) {
    if (!(error instanceof LedgerBehindHead)) throw error;
    const draft = propose(error.data.localRoot);
    if (draft === undefined) throw new TypeError("nothing to attest in spite of a debit", { cause: error });
    await router.sign(draft);
    router.accepted(draft);
    expect(router.backlogUMor()).to.equal(0n);
    return (id) => draft.after.lane(id);
  }
  throw new TypeError("a foreign root was taken");
}

/** Run the child until it dies; kill it `killAfterMs` after it began, when that is not 0. */
function runChild(args: readonly string[], killAfterMs: number): Promise<string[]> {
  const tsx = join(ROOT, "node_modules", "tsx", "dist", "cli.mjs");
  const script = join(import.meta.dirname, "child.ts");
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["--import", `file://${tsx.replace("cli.mjs", "loader.mjs")}`, script, ...args],
      {
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let [text, errors] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      const waits = !text.includes("go\n");
      text += chunk.toString();
      if (killAfterMs > 0 && waits && text.includes("go\n")) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    });
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (signal === "SIGKILL") resolve(text.split("\n"));
      else reject(new TypeError(`the child was not killed, it ended with ${code}: ${errors}`));
    });
  });
}
