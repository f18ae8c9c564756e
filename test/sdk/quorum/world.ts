import { expect } from "chai";
import { bytesToHex } from "@yellowstone-compute/sdk/crypto";
import { homeRouterOf } from "@yellowstone-compute/sdk/access";
import { LedgerTree, type Head } from "@yellowstone-compute/sdk/ledger";
import type { Bid, InferenceReport, LocalSigner, Rfc, Signed } from "@yellowstone-compute/sdk/messages";
import {
  createCoSigner,
  createEquivocationWatch,
  createEvidenceRecorder,
  createProposer,
  createSignedSeqs,
  memoryEvidence,
  memorySignedSeqs,
  type BlockEvidence,
  type ChainView,
  type CoSigner,
  type CoSignerOptions,
  type EvidenceRecorder,
  type EvidenceStore,
  type Proposer,
} from "@yellowstone-compute/sdk/quorum";
import {
  createRouter,
  routerSetDigest,
  type Matched,
  type Router,
  type RouterPolicy,
  type RouterSet,
} from "@yellowstone-compute/sdk/router";
import { blockAt, dayAt, hash32, unixMillis, unixSeconds } from "@yellowstone-compute/sdk/units";
import { EMISSION_START, MOR, NOON_MS, bid, domain, keyOf, owner, policyOf, report, rfc } from "../router/world.js";

export const START_HEIGHT = blockAt(NOON_MS / 1_000n, EMISSION_START);
export const PRICE = 10n ** 12n;
/** 20 MOR: 0.02 MOR a day here, 20,000 tokens at `PRICE`. */
export const BALANCE = 20n * MOR;

export const keys: readonly LocalSigner[] = ["router a", "router b", "router c"]
  .map(keyOf)
  .sort((x, y) => (x.address.toLowerCase() < y.address.toLowerCase() ? -1 : 1));
export const set3: RouterSet = {
  threshold: 2,
  routers: keys.map(({ address }) => ({ account: address, isContract: false })),
};

/** A router with all that it needs among others. */
export interface Node {
  readonly key: LocalSigner;
  readonly router: Router;
  readonly recorder: EvidenceRecorder;
  readonly coSigner: CoSigner;
  readonly proposer: Proposer;
  readonly evidence: EvidenceStore;
}

/** One of the three routers. `attestationSeconds` is the policy's default, 3,600. */
export async function nodeOf(
  key: LocalSigner,
  policy: Partial<RouterPolicy> = {},
  options: Partial<CoSignerOptions> = {},
): Promise<Node> {
  const recorder = createEvidenceRecorder(EMISSION_START);
  const shared = {
    signer: options.signer ?? key,
    domain,
    set: set3,
    policy: policyOf(policy),
    emissionStart: EMISSION_START,
  };
  const router = await createRouter({ ...shared, observer: recorder.observer });
  const evidence = memoryEvidence();
  const coSigner = await createCoSigner({
    ...shared,
    balanceWei: () => Promise.resolve(BALANCE),
    isOwner: (_, signer) => Promise.resolve(signer === owner.address),
    signedSeqs: createSignedSeqs(memorySignedSeqs(), domain),
    watch: createEquivocationWatch(evidence, { domain, attestationSeconds: 3_600n }),
    ...options,
  });
  return { key, router, recorder, coSigner, proposer: createProposer(shared), evidence };
}

export const threeNodes = (policy: Partial<RouterPolicy> = {}): Promise<Node[]> =>
  Promise.all(keys.map((key) => nodeOf(key, policy)));

/** A user whose home router on the day of `atMs` is this one. */
export function userOf(node: Node, nth = 0, atMs = NOON_MS): string {
  const day = dayAt(atMs / 1_000n, EMISSION_START);
  for (let i = 0, found = 0; i < 1_000; i++) {
    const name = `user ${i}`;
    const home = homeRouterOf(
      keyOf(name).address,
      day,
      set3.routers.map(({ account }) => account),
    );
    if (home === node.key.address.toLowerCase() && found++ === nth) return name;
  }
  return expect.fail("no such user");
}

export async function post(node: Node, provider: number, priceWei: bigint, change: Partial<Bid> = {}, atMs = NOON_MS) {
  const signed = await bid(provider, priceWei, change);
  await node.router.postBid(signed, owner.address, atMs);
  return signed;
}

/** A matched RFC of a user at home. */
export async function match(node: Node, user: string, change: Partial<Rfc> = {}, atMs = NOON_MS): Promise<Matched> {
  const placed = await node.router.admit(await rfc(user, change), { balanceWei: BALANCE, atMs });
  expect(placed.status).to.equal("matched");
  return placed as Matched;
}

/** Match and report an RFC. */
export async function serve(
  node: Node,
  user: string,
  change: Partial<InferenceReport> = {},
  atMs = NOON_MS + 1_000n,
): Promise<Signed<"InferenceReport">> {
  const askedMs = atMs - 1_000n;
  const times = { issuedAtMs: unixMillis(askedMs), deadlineAt: unixSeconds(askedMs / 1_000n + 30n) };
  const matched = await match(node, user, times, askedMs);
  const signed = await report(user, matched, change);
  await node.router.report(signed, atMs);
  return signed;
}

/** Close a router's blocks and take their evidence. */
export async function publish(node: Node, atMs: bigint): Promise<BlockEvidence[]> {
  await node.router.closeBlocks(atMs);
  return node.recorder.take();
}

/** Let a node review blocks and take those that hold. @returns what it found */
export async function show(node: Node, blocks: readonly BlockEvidence[]): Promise<string[]> {
  const found: string[] = [];
  for (const evidence of blocks) {
    const review = await node.coSigner.takeBlock(evidence);
    if (review === undefined) continue;
    found.push(...review.findings.map(({ where, what }) => `${where}: ${what}`));
    const { hash, reports } = review;
    if (review.findings.length === 0) node.proposer.take({ signed: evidence.block, hash, reports });
  }
  return found;
}

/** The chain as all see it. */
export function viewAt(atMs: bigint, change: Partial<Head> = {}, allowanceUMor = 10n ** 12n): ChainView {
  const at = atMs / 1_000n;
  const head: Head = {
    lastSeq: 0n,
    headRoot: hash32(bytesToHex(LedgerTree.empty().root())),
    nextBlock: START_HEIGHT,
    openBlock: blockAt(at, EMISSION_START),
    routerSet: routerSetDigest(set3),
    ...change,
  };
  return { head, allowanceUMor, providerCount: 100n, chainAt: at, at };
}
