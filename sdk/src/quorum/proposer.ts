import { bytesToHex } from "../crypto/index.js";
import { DraftStale, VetoUnknown } from "../errors/attestation.js";
import { RouterSetStale } from "../errors/contract/routers.js";
import {
  LedgerTree,
  buildAttestation,
  buildUpdate,
  fitAllowance,
  mergeBlocks,
  packDebits,
  planUpdate,
  wordOf,
  type AttestationDraft,
  type ChainLimits,
  type ClosedBlock,
  type Debit,
  type EarnedReport,
  type Head,
  type LifetimeWei,
} from "../ledger/index.js";
import { routerSetDigest, type RouterPolicy, type RouterSet } from "../router/index.js";
import { quorumBytesOf } from "../router/set.js";
import type { Hash32, ProviderId, UnixSeconds, Wei } from "../units/index.js";
import type { Proposal, Through } from "./proposal.js";
import {
  addCredits,
  creditsOf,
  lifetimesOf,
  resumeLedger,
  type AcceptedFit,
  type ProposerSnapshot,
} from "./proposerSnapshot.js";

/** What a proposer is made of. */
export interface ProposerOptions {
  readonly set: RouterSet;
  readonly policy: Pick<RouterPolicy, "attestationSeconds">;
  /** The ledger at the head; empty when left out. */
  readonly tree?: LedgerTree;
  /** Lifetime credits behind its lanes, exact in wei; the lanes themselves when left out. All routers must begin alike. */
  readonly attestedWei?: LifetimeWei;
  /** Where an earlier proposer of this router stood, in place of `tree` and `attestedWei`. */
  readonly from?: ProposerSnapshot;
}

/** What the next proposal is made from. */
export interface ProposalInput {
  readonly head: Head;
  readonly allowanceUMor: bigint;
  /** In Unix seconds. */
  readonly at: bigint;
  readonly limits?: ChainLimits;
  readonly debits?: readonly Debit[];
}

/** Joins the blocks of all routers and drafts attestations of them (design.md section 13). Pure: no clock, no network. */
export interface Proposer {
  /** Take a block that this router's own review found to hold. */
  take(block: ClosedBlock): void;
  /**
   * Draft the next attestation of all blocks taken: first earned, first attested; what the allowance does not hold
   * waits. @returns undefined when there is nothing to credit or debit
   * @throws RouterSetStale and the errors of `buildAttestation`
   */
  propose(input: ProposalInput): { readonly proposal: Proposal; readonly draft: AttestationDraft } | undefined;
  /**
   * Write the update of the ledger that a proposal stands for, of whichever router: what is posted with its quorum.
   * @throws DraftStale
   */
  updateOf(proposal: Proposal): Pick<AttestationDraft, "deltas" | "witness" | "debits">;
  /** Take a proposal, of whichever router, as accepted on chain. @returns what it paid @throws DraftStale */
  accepted(proposal: Proposal): EarnedReport[];
  /** Take accepted attestation `seq` and all after it back. @returns what they had paid @throws VetoUnknown */
  vetoed(seq: bigint): EarnedReport[];
  /** Credits of blocks taken that no accepted attestation pays, in uMOR. */
  backlogUMor(): bigint;
  /** A copy of all it knows. */
  snapshot(): ProposerSnapshot;
}

/** Attestations that can be pending on chain, as contracts/types/Units.sol. */
const MAX_PENDING = 256;

/** Create a proposer that has taken nothing. @throws the errors of `packRouterSet` */
export function createProposer(options: ProposerOptions): Proposer {
  return new MergingProposer(options);
}

class MergingProposer implements Proposer {
  readonly #attestationSeconds: bigint;
  readonly #routerSet: Hash32;
  readonly #quorumBytes: number;
  readonly #attestedWei: Map<ProviderId, Wei>;
  readonly #attested: Set<Hash32>;
  #blocks: ClosedBlock[];
  #accepted: AcceptedFit[] = [];
  #tree: LedgerTree;

  constructor({ set, policy, tree = LedgerTree.empty(), attestedWei, from }: ProposerOptions) {
    this.#attestationSeconds = policy.attestationSeconds;
    this.#routerSet = routerSetDigest(set);
    this.#quorumBytes = quorumBytesOf(set);
    this.#attested = new Set(from?.attested);
    this.#blocks = [...(from?.blocks ?? [])];
    this.#tree = tree.clone();
    this.#attestedWei = new Map(attestedWei ?? lifetimesOf(tree));
    if (from === undefined) return;
    const resumed = resumeLedger(from);
    this.#tree = resumed.tree;
    this.#attestedWei = resumed.attestedWei;
    this.#accepted = resumed.accepted;
  }

  snapshot(): ProposerSnapshot {
    return structuredClone({
      blocks: this.#blocks,
      attested: this.#attested,
      attestedWei: this.#attestedWei,
      accepted: this.#accepted.map(({ seq, lastBlock, paid }) => ({ seq, lastBlock, paid })),
    });
  }

  take(block: ClosedBlock): void {
    this.#blocks.push(block);
  }

  propose({ head, allowanceUMor, at, limits, debits = [] }: ProposalInput) {
    if (head.routerSet !== this.#routerSet) {
      throw new RouterSetStale({ signed: this.#routerSet, inForce: head.routerSet });
    }
    const through = this.#throughBelow(head.openBlock);
    const highest = through.reduce((most, { height }) => (height > most ? height : most), -1n);
    const lastBlock = highest < head.nextBlock ? head.nextBlock - 1n : highest;
    const fit = fitAllowance(this.#line(through), allowanceUMor, this.#attestedWei);
    const deadline = (at + this.#attestationSeconds) as UnixSeconds;
    const draft = buildAttestation(this.#tree, fit, head, {
      deadline,
      lastBlock,
      quorumBytes: this.#quorumBytes,
      debits,
      ...(limits === undefined ? {} : { limits }),
    });
    if (draft === undefined) return undefined;
    const { attestation, paid } = draft;
    return { proposal: { attestation, through, paidCount: paid.length, debits }, draft };
  }

  updateOf(proposal: Proposal): Pick<AttestationDraft, "deltas" | "witness" | "debits"> {
    const { deltas } = this.#open(proposal);
    const ranges = planUpdate(this.#tree, new Set([...deltas.keys()].map(wordOf)));
    const update = buildUpdate(this.#tree, deltas, { ranges });
    return { deltas: update.deltas, witness: update.witness, debits: packDebits(proposal.debits) };
  }

  accepted(proposal: Proposal): EarnedReport[] {
    const { seq, lastBlock } = proposal.attestation;
    const { paid, after, tree } = this.#open(proposal);
    for (const [providerId, lifetimeWei] of after) this.#attestedWei.set(providerId, lifetimeWei);
    for (const { reportHash } of paid) this.#attested.add(reportHash);
    this.#accepted.push({ seq, lastBlock, before: this.#tree, paid });
    this.#tree = tree;
    if (this.#accepted.length > MAX_PENDING) this.#forgetOldest();
    return paid;
  }

  /** The reports a proposal pays and the ledger after it, made again from the blocks here. @throws DraftStale */
  #open({ attestation, through, paidCount }: Proposal) {
    const { seq, previousRoot, newRoot } = attestation;
    if (previousRoot !== bytesToHex(this.#tree.root())) {
      throw new DraftStale(seq, "built on another root than the ledger's");
    }
    const paid = this.#line(through).slice(0, paidCount);
    const { deltas, after } = creditsOf(this.#attestedWei, paid);
    const tree = this.#tree.clone();
    tree.apply(deltas);
    if (newRoot !== bytesToHex(tree.root())) {
      throw new DraftStale(seq, "it pays other reports than the blocks here hold");
    }
    return { paid, deltas, after, tree };
  }

  vetoed(seq: bigint): EarnedReport[] {
    const first = this.#accepted.findIndex((each) => each.seq === seq);
    const [oldest, ...later] = first < 0 ? [] : this.#accepted.slice(first);
    if (oldest === undefined) throw new VetoUnknown(seq);
    const paid = [oldest, ...later].flatMap((each) => each.paid);
    addCredits(this.#attestedWei, paid, -1n);
    for (const { reportHash } of paid) this.#attested.delete(reportHash);
    this.#tree = oldest.before;
    this.#accepted = this.#accepted.slice(0, first);
    return paid;
  }

  backlogUMor(): bigint {
    return creditsOf(
      this.#attestedWei,
      mergeBlocks(this.#blocks).filter((report) => this.#waits(report)),
    ).creditedUMor;
  }

  /** The last block of each router that the chain takes for complete. */
  #throughBelow(openBlock: bigint): Through[] {
    const last = new Map<string, Through>();
    for (const { signed, hash } of this.#blocks) {
      const { router, height } = signed.value;
      const known = last.get(router.toLowerCase());
      if (height < openBlock && (known === undefined || known.height < height)) {
        last.set(router.toLowerCase(), { router, height, hash });
      }
    }
    return [...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, through]) => through);
  }

  #line(through: readonly Through[]): EarnedReport[] {
    const heights = new Map(through.map(({ router, height }) => [router.toLowerCase(), height]));
    const blocks = this.#blocks.filter(({ signed }) => {
      return signed.value.height <= (heights.get(signed.value.router.toLowerCase()) ?? -1n);
    });
    return mergeBlocks(blocks).filter((report) => this.#waits(report));
  }

  #waits({ reportHash }: EarnedReport): boolean {
    return !this.#attested.has(reportHash);
  }

  /** What no veto can bring back is dropped, but for the last block of each router. */
  #forgetOldest(): void {
    const oldest = this.#accepted.shift()!;
    const isFinal = new Set(oldest.paid.map(({ reportHash }) => reportHash));
    const last = new Set(this.#throughBelow(2n ** 64n).map(({ hash }) => hash));
    this.#blocks = this.#blocks
      .map((block) => ({ ...block, reports: block.reports.filter(({ reportHash }) => !isFinal.has(reportHash)) }))
      .filter(({ signed, hash, reports }) => {
        const waits = reports.some(({ creditWei }) => creditWei > 0n);
        return waits || last.has(hash) || signed.value.height > oldest.lastBlock;
      });
    for (const reportHash of isFinal) this.#attested.delete(reportHash);
  }
}
