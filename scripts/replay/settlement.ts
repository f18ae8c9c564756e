import {
  CHAIN_LIMITS,
  WEI_PER_UMOR,
  announceExit,
  bookDebits,
  claim,
  claimFor,
  intake,
  keccak256Text,
  packQuorum,
  postAttestation,
  providerId,
  readState,
  uMor,
  unpackDebits,
  vetoAttestation,
  withdrawBond,
  type AttestationDraft,
  type Debit,
  type Deployment,
  type LedgerTree,
  type Router,
  type RouterSet,
} from "@yellowstone-compute/sdk";
import type { ReplayChain } from "./chain.js";
import type { Timeline } from "./events.js";
import type { PostedAttestation, ReplayRecords } from "./records.js";

/** Mints MOR to an address: the emission of the replay. */
export type Mint = (to: string, amountWei: bigint) => Promise<{ receipt: { hash: string } }>;

/** Who acts on chain: the relayer posts, a provider's account claims, the guardian vetoes. */
export interface Accounts {
  readonly relayer: Deployment;
  readonly claimer: Deployment;
  readonly guardian: Deployment;
  /** The account of a provider's owner. */
  ownerOf(provider: number): Promise<Deployment>;
}

/** The second attestation is vetoed this many seconds after it was accepted; after as many more it is attested again. */
const VETOED_INDEX = 1;
const VETO_AFTER_SECONDS = 60n;
/** It carries a debit of this part of the lane of the provider that has most; the last one debits the provider that leaves. */
const DEBIT_PART = 10n;
const LAST_DEBIT_UMOR = 250_000n;

/** The chain's side of the replay: arrivals, attestations, debits, a veto, claims and an exit, each at its time. */
export class Settlement {
  readonly #trees = new Map<bigint, LedgerTree>();
  #debits: readonly Debit[] = [];
  /** While the guardian is about to veto, the router attests nothing that would be dropped with it. */
  #vetoAhead = false;

  constructor(
    private readonly chain: ReplayChain,
    private readonly accounts: Accounts,
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
    if (this.#vetoAhead) return;
    const index = this.records.attestations.length;
    const [standing] = [...this.#trees.values()].slice(-1);
    if (index === VETOED_INDEX && standing !== undefined) this.#debits = [debitOfMost(standing)];
    const posted = await this.#post();
    if (posted === undefined) return;
    if (index === VETOED_INDEX) {
      this.#vetoAhead = true;
      this.timeline.plan(this.timeline.nowMs + VETO_AFTER_SECONDS * 1_000n, () => this.#veto(posted));
    } else {
      this.#planClaim(posted);
    }
  }

  /** A provider announces its exit, is still paid, and withdraws its bond less what it was debited meanwhile. */
  async exit(provider: number): Promise<void> {
    const owner = await this.accounts.ownerOf(provider);
    const id = providerId(provider);
    const { outcome } = await this.chain.transact(() => announceExit.sendAndWait(owner, { id }));
    this.#debits = [{ providerId: id, amountUMor: uMor(LAST_DEBIT_UMOR), reasonHash: keccak256Text("late failures") }];
    const posted = await this.#post();
    if (posted !== undefined) this.#planClaim(posted, false);
    await this.timeline.runUntil(outcome.exitAt * 1_000n);
    await this.chain.advanceTo(this.#now());
    // Booked after the claim of the same attestation: the debt is left to the bond.
    if (posted !== undefined) await this.#book(posted);
    const bondWei = await owner.registry.providerOf(id).then((known) => known.bondWei);
    const left = await this.chain.transact(() => withdrawBond.sendAndWait(owner, { id }));
    this.records.steps.push({ kind: "exit", provider });
    this.records.exits.push({ provider, bondWei, ...pick(left.outcome) });
    await this.chain.transact(() => intake.sendAndWait(this.accounts.relayer, {}));
  }

  async #post(): Promise<PostedAttestation | undefined> {
    const { relayer } = this.accounts;
    await this.chain.advanceTo(this.#now());
    await this.router.closeBlocks(this.timeline.nowMs);
    const { head, pool } = await readState(relayer);
    const allowanceUMor = pool.allowanceWei / WEI_PER_UMOR;
    const { nowMs } = this.timeline;
    const draft = this.router.propose(head, allowanceUMor, nowMs, CHAIN_LIMITS.geth, this.#debits);
    if (draft === undefined) return undefined;
    const { outcome } = await this.#send(draft);
    this.router.accepted(draft);
    this.#debits = [];
    this.#trees.set(outcome.seq, draft.after);
    const posted: PostedAttestation = {
      seq: outcome.seq,
      lastBlock: outcome.lastBlock,
      allowanceUMor,
      creditedUMor: outcome.creditedUMor,
      waitingUMor: this.router.backlogUMor(),
      activeAt: outcome.activeAt,
      debits: unpackDebits(draft.debits).map((debit) => ({ ...debit, provider: Number(debit.providerId) })),
      claimed: false,
      vetoed: false,
    };
    this.records.attestations.push(posted);
    return posted;
  }

  async #send(draft: AttestationDraft) {
    const { signer, signature, value: attestation } = await this.router.sign(draft);
    const quorum = packQuorum(this.set, new Map([[signer, signature]]));
    const { deltas, witness, debits } = draft;
    return this.chain.transact(() =>
      postAttestation.sendAndWait(this.accounts.relayer, { attestation, deltas, witness, debits, quorum }),
    );
  }

  /** The guardian drops an attestation: the router takes it back, and its debits wait for the next one. */
  async #veto(posted: PostedAttestation): Promise<void> {
    await this.chain.advanceTo(this.#now());
    const { seq } = posted;
    await this.chain.transact(() => vetoAttestation.sendAndWait(this.accounts.guardian, { seq }));
    this.router.vetoed(seq);
    this.#trees.delete(seq);
    this.#debits = debitsOf(posted);
    posted.vetoed = true;
    this.#vetoAhead = false;
    this.timeline.plan(this.timeline.nowMs + VETO_AFTER_SECONDS * 1_000n, () => this.attest());
  }

  #planClaim(posted: PostedAttestation, bookFirst = true): void {
    this.timeline.plan((posted.activeAt + 1n) * 1_000n, async () => {
      if (posted.vetoed) return;
      await this.chain.advanceTo(this.#now());
      if (bookFirst) await this.#book(posted);
      await this.#claim(posted);
    });
  }

  async #book(posted: PostedAttestation): Promise<void> {
    const { seq } = posted;
    const debits = debitsOf(posted);
    if (debits.length === 0) return;
    await this.chain.transact(() => bookDebits.sendAndWait(this.accounts.claimer, { seq, debits }));
    this.records.steps.push({ kind: "debit", seq });
  }

  /** All providers that are due are paid in one batch. */
  async #claim(posted: PostedAttestation): Promise<void> {
    const { seq, creditedUMor } = posted;
    const tree = this.#trees.get(seq);
    if (tree === undefined || creditedUMor === 0n) return;
    const due = Array.from({ length: tree.wordCount * 4 }, (_, id) => id).filter((id) => tree.lane(id) > 0n);
    await this.chain.transact(() => claim.sendAndWait(this.accounts.claimer, claimFor(seq, tree, due)));
    posted.claimed = true;
    this.records.steps.push({ kind: "claim", seq });
  }

  #now(): bigint {
    return this.timeline.nowMs / 1_000n;
  }
}

function debitOfMost(tree: LedgerTree): Debit {
  const lanes = tree.lanes(0, tree.wordCount);
  const most = lanes.reduce((best, lane, id) => (lane > (lanes[best] ?? 0n) ? id : best), 0);
  const amountUMor = uMor((lanes[most] ?? 0n) / DEBIT_PART + 1n);
  return { providerId: providerId(most), amountUMor, reasonHash: keccak256Text("double reports") };
}

function debitsOf({ debits }: PostedAttestation): Debit[] {
  return debits.map(({ provider, amountUMor, reasonHash }) => ({
    providerId: providerId(provider),
    amountUMor: uMor(amountUMor),
    reasonHash,
  }));
}

function pick({ paidWei, coveredWei }: { paidWei: bigint; coveredWei: bigint }) {
  return { paidWei, coveredWei };
}
