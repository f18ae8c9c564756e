import { expect } from "chai";
import { bytesToHex } from "@yellowstone-compute/sdk/crypto";
import type { YellowstoneError } from "@yellowstone-compute/sdk/errors";
import {
  createMemoryStorage,
  openRouter,
  type JournaledRouterOptions,
  type JournalStorage,
} from "@yellowstone-compute/sdk/journal";
import type { LedgerTree } from "@yellowstone-compute/sdk/ledger";
import type { TypedDataSigner } from "@yellowstone-compute/sdk/messages";
import { routerSetDigest, type Matched, type Router } from "@yellowstone-compute/sdk/router";
import { ZERO_HASH, blockAt, hash32, providerId, uMor } from "@yellowstone-compute/sdk/units";
import { EMISSION_START, MOR, NOON_MS, report, rfc, routerKey, set } from "../router/world.js";
import { crashBasis } from "./basis.js";

type Class = new (...args: never[]) => YellowstoneError;
export const rich = { balanceWei: 1_000n * MOR, atMs: NOON_MS };
export const PRICE = 3n * 10n ** 12n;

/** The router's signer, which refuses to sign blocks. */
export const signsNoBlock: TypedDataSigner = {
  getAddress: () => routerKey.getAddress(),
  signTypedData: (...args) =>
    "InferenceBlock" in args[1] ? Promise.reject(new TypeError("locked")) : routerKey.signTypedData(...args),
};

/** A storage in memory whose appends can be counted, and which can be made to fail. */
export function watched(failures: (YellowstoneError | undefined)[] = []) {
  const memory = createMemoryStorage();
  const appended: number[] = [];
  const compactFailures: Error[] = [];
  const storage: JournalStorage = {
    header: () => memory.header(),
    begin: (header, snapshot) => memory.begin(header, snapshot),
    append: (batch) => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      appended.push(batch.count);
      memory.append(batch);
    },
    read: (position) => memory.read(position),
    snapshot: () => memory.snapshot(),
    compact: (...args) => {
      const failure = compactFailures.shift();
      if (failure !== undefined) throw failure;
      memory.compact(...args);
    },
    size: () => memory.size(),
    close: () => memory.close(),
  };
  return { storage, memory, appended, failures, compactFailures };
}

export const open = (storage: JournalStorage, change: Partial<JournaledRouterOptions> = {}) =>
  openRouter({ ...crashBasis, snapshotEvery: 10_000, group: 0, storage, ...change });

export async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

export async function refuses(promise: Promise<unknown>, expected: Class): Promise<void> {
  expect(await outcomeOf(promise)).to.be.instanceOf(expected);
}

export const headOf = (tree: LedgerTree, lastSeq = 0n) => ({
  lastSeq,
  headRoot: hash32(bytesToHex(tree.root())),
  nextBlock: 1n,
  openBlock: blockAt(NOON_MS / 1_000n, EMISSION_START) + 1n,
  routerSet: routerSetDigest(set),
});
export const debit = [{ providerId: providerId(1), amountUMor: uMor(5n), reasonHash: ZERO_HASH }];

export async function serve(router: Router, name: string): Promise<void> {
  const matched = (await router.admit(await rfc(name), rich)) as Matched;
  await router.report(await report(name, matched), NOON_MS + 1_000n);
}
