import {
  CHAIN_LIMITS,
  WEI_PER_UMOR,
  claim,
  claimFor,
  intake,
  packQuorum,
  postAttestation,
  readState,
  type Deployment,
  type LedgerTree,
  type Router,
  type RouterSet,
} from "@yellowstone-compute/sdk";
import type { ReplayChain } from "./chain.js";
import type { Timeline } from "./events.js";
import type { ReplayRecords } from "./records.js";

/** Mints MOR to an address: the emission of the replay. */
export type Mint = (to: string, amountWei: bigint) => Promise<{ receipt: { hash: string } }>;

/** The chain's side of the replay: arrivals, attestations and claims, each at its time. */
export class Settlement {
  readonly #trees = new Map<bigint, LedgerTree>();

  constructor(
    private readonly chain: ReplayChain,
    /** Two runners: the relayer posts, a provider's account claims. */
    private readonly accounts: { relayer: Deployment; claimer: Deployment },
    private readonly router: Router,
    private readonly set: RouterSet,
    private readonly mint: Mint,
    private readonly timeline: Timeline,
    private readonly records: ReplayRecords,
  ) {}

  /** MOR arrives and is booked. */
  async arrive(amountWei: bigint): Promise<void> {
    const { relayer } = this.accounts;
    await this.chain.advanceTo(this.#now());
    await this.chain.transact(() => this.mint(relayer.addresses.compute, amountWei));
    await this.chain.transact(() => intake.sendAndWait(relayer, {}));
  }

  /** The router drafts and signs what the day's allowance holds; the relayer posts it. */
  async attest(): Promise<void> {
    const { relayer } = this.accounts;
    await this.chain.advanceTo(this.#now());
    await this.router.closeBlocks(this.timeline.nowMs);
    const { head, pool } = await readState(relayer);
    const allowanceUMor = pool.allowanceWei / WEI_PER_UMOR;
    const draft = this.router.propose(head, allowanceUMor, this.timeline.nowMs, CHAIN_LIMITS.geth);
    if (draft === undefined) return;
    const { signer, signature, value: attestation } = await this.router.sign(draft);
    const quorum = packQuorum(this.set, new Map([[signer, signature]]));
    const { deltas, witness } = draft;
    const { outcome } = await this.chain.transact(() =>
      postAttestation.sendAndWait(relayer, { attestation, deltas, witness, quorum }),
    );
    this.router.accepted(draft);
    this.#trees.set(outcome.seq, draft.after);
    const posted = {
      seq: outcome.seq,
      lastBlock: outcome.lastBlock,
      allowanceUMor,
      creditedUMor: outcome.creditedUMor,
      waitingUMor: this.router.backlogUMor(),
      activeAt: outcome.activeAt,
      claimed: false,
    };
    this.records.attestations.push(posted);
    this.timeline.plan((posted.activeAt + 1n) * 1_000n, () => this.#claim(posted.seq));
  }

  /** All providers that are due are paid in one batch. */
  async #claim(seq: bigint): Promise<void> {
    await this.chain.advanceTo(this.#now());
    const tree = this.#trees.get(seq);
    if (tree === undefined) return;
    const due = Array.from({ length: tree.wordCount * 4 }, (_, id) => id).filter((id) => tree.lane(id) > 0n);
    await this.chain.transact(() => claim.sendAndWait(this.accounts.claimer, claimFor(seq, tree, due)));
    const posted = this.records.attestations.find((one) => one.seq === seq);
    if (posted !== undefined) posted.claimed = true;
  }

  #now(): bigint {
    return this.timeline.nowMs / 1_000n;
  }
}
