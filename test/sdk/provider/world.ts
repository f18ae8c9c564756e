import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { ACTIVATION_DELAY, attestationOf, deployWithProviders, ethers, networkHelpers } from "../actions/fixture.js";

export const REASON = sdk.hash32(`0x${"ab".repeat(32)}`);

/** Six providers, of which 0 to 2 have credits that are active, paid in part, and 3 has debt. */
export async function busyLedger() {
  const suite = await deployWithProviders();
  const world = { ...suite, ...verbs(suite) };
  await world.attest([
    [0, 5_000_000n],
    [1, 1_000_000n],
    [2, 2_000_000n],
  ]);
  await world.attest([[3, 900_000n]], [[3, 400_000n]]);
  await networkHelpers.time.increase(ACTIVATION_DELAY);
  await world.bookDebits(2n, [[3, 400_000n]]);
  await world.claim([0]);
  return world;
}

/** Verbs of a test on a ledger, whatever its chain has been through. */
export function verbs({ d, asGuardian }: Awaited<ReturnType<typeof deployWithProviders>>) {
  const debitsOf = (debits: readonly [number, bigint][]) =>
    debits.map(([id, amount]) => {
      return { providerId: sdk.providerId(id), amountUMor: sdk.uMor(amount), reasonHash: REASON };
    });
  return {
    attest: async (deltas: readonly [number, bigint][], debits: readonly [number, bigint][] = []) => {
      const { tree } = await sdk.rebuildLedger(d);
      const packed = sdk.packDebits(debitsOf(debits));
      const { post } = await attestationOf(d, tree, new Map(deltas), { debitsHash: sdk.debitsHash(packed) });
      return (await sdk.postAttestation.sendAndWait(d, { ...post, debits: packed })).outcome;
    },
    bookDebits: (seq: bigint, debits: readonly [number, bigint][]) =>
      sdk.bookDebits.sendAndWait(d, { seq, debits: debitsOf(debits) }),
    claim: async (ids: readonly number[]) => {
      const { head } = await sdk.readState(d);
      const { tree, seq } = await sdk.rebuildLedger(d, { untilSeq: head.activeSeq });
      return (await sdk.claim.sendAndWait(d, sdk.claimFor(seq, tree, ids))).outcome;
    },
    veto: (seq: bigint) => sdk.vetoAttestation.sendAndWait(asGuardian, { seq }),
  };
}

/** The history at the newest block, caught up from where it is. */
export async function caughtUp(
  d: sdk.Deployment,
  from?: sdk.LedgerHistory | sdk.LedgerSnapshot,
  options: sdk.SyncOptions = {},
): Promise<{ history: sdk.LedgerHistory; kinds: string[] }> {
  const kinds: string[] = [];
  let last: sdk.LedgerHistory | undefined;
  for await (const { kind, history } of sdk.syncLedger(d, from, options)) {
    kinds.push(kind);
    last = history;
  }
  return { history: last!, kinds };
}

/** The history says of every provider what the chain says, read by other means. */
export async function expectTrue(d: sdk.Deployment, history: sdk.LedgerHistory, providers = 6): Promise<void> {
  const { head } = await sdk.readState(d);
  expect(history.end.blockNumber).to.equal(await d.provider.getBlockNumber());
  expect([history.headSeq, history.activeSeq, history.lastSeq]).to.deep.equal([
    head.headSeq,
    head.activeSeq,
    head.lastSeq,
  ]);
  const [all, active] = [await sdk.rebuildLedger(d), await sdk.rebuildLedger(d, { untilSeq: head.activeSeq })];
  expect(sdk.bytesToHex(history.activeTree.root())).to.equal(active.root);
  const waiting: bigint[] = [];
  for (let seq = head.activeSeq + 1n; seq <= head.lastSeq; seq++) waiting.push(await d.compute.activeAtOf(seq));
  for (let id = 0; id < providers; id++) {
    const lanes = { headUMor: all.tree.lane(id), activeUMor: active.tree.lane(id) };
    const account = await sdk.readAccount(d, id, lanes);
    const own = history.account(id);
    for (const figure of FIGURES) expect(own[figure], `${figure} of provider ${id}`).to.equal(account[figure]);
    expect(own.creditedUMor - own.settledUMor).to.equal(account.unsettledUMor);
    // The account waits for the head, the history for the last attestation that credits this provider.
    expect(own.pendingUntil === undefined, `pending of provider ${id}`).to.equal(account.pendingUntil === undefined);
    if (own.pendingUntil === undefined || account.pendingUntil === undefined) continue;
    expect(waiting).to.include(own.pendingUntil);
    expect(own.pendingUntil <= account.pendingUntil, `provider ${id} waits for no longer than the head`).to.equal(true);
  }
  await sdk.verifyAccounts(
    d,
    history,
    Array.from({ length: providers }, (_, id) => id),
  );
}

const FIGURES = [
  "creditedUMor",
  "awardedUMor",
  "debitedUMor",
  "absorbedUMor",
  "coveredByBondUMor",
  "debtUMor",
  "paidUMor",
  "claimableUMor",
  "pendingUMor",
] as const;

/** Go back to a state of the chain and on from there: what was built since is no longer on it. */
export async function chainAtPoint() {
  const id = (await ethers.provider.send("evm_snapshot", [])) as string;
  return () => ethers.provider.send("evm_revert", [id]);
}
