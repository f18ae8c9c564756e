import { YellowstoneError } from "../errors/base.js";
import type { BlockEvidence } from "../quorum/evidence.js";
import type { EquivocationWatch } from "../quorum/equivocation.js";
import { MAX_FINDINGS, type Finding } from "../quorum/findings.js";
import type { ReviewedBlock } from "../quorum/line.js";
import { openEvidence, type ReviewSources } from "../quorum/opened.js";
import { createReplica, type Replica } from "../quorum/replica.js";
import { reviewBlock, type BlockReview } from "../quorum/reviewBlock.js";
import type { ReviewRules } from "../quorum/rules.js";
import type { Transport } from "../quorum/transport.js";
import type { RouterPolicy } from "../router/index.js";
import type { Address } from "../units/index.js";

/** What blocks are reviewed with: the watcher's own sources, and the policy that the routers publish. */
export interface BlockReviewerOptions extends ReviewSources {
  readonly policy: RouterPolicy;
  /** Where routers publish their blocks. */
  readonly transport: Pick<Transport, "fetchBlocks">;
  /** Sees every block whose signature holds. */
  readonly equivocations: EquivocationWatch;
  readonly signal: AbortSignal;
}

/** What became of the blocks that an attestation closes. */
export interface BlocksTaken {
  /** Blocks that held, oldest first. */
  readonly blocks: readonly ReviewedBlock[];
  /** What is wrong with those that did not. */
  readonly findings: readonly Finding[];
  /** Whether a router could not be asked: then it may be asked again. */
  readonly isOpen: boolean;
}

/** Does the work of published blocks again, as a co-signer does, and keeps for each router where it stands. */
export class BlockReviewer {
  readonly #replicas: Map<Address, Replica>;
  #routers: readonly Address[] = [];

  constructor(
    readonly options: BlockReviewerOptions,
    replicas: Iterable<Replica> = [],
  ) {
    this.#replicas = new Map([...replicas].map((replica) => [replica.router, replica]));
  }

  /** Where each router stands. */
  get replicas(): readonly Replica[] {
    return [...this.#replicas.values()];
  }

  /** Put a router set into force: who has left is still asked for the blocks it may have published before. */
  setRouters(routers: readonly Address[]): void {
    this.#routers = routers;
    for (const router of routers) if (!this.#replicas.has(router)) this.#replicas.set(router, createReplica(router));
  }

  /** Take the blocks of all routers that are published above what is known. */
  async takeBlocks(): Promise<BlocksTaken> {
    const taken = [];
    for (const replica of this.#replicas.values()) taken.push(await this.#takeOf(replica));
    return {
      blocks: taken.flatMap(({ blocks }) => blocks),
      findings: taken.flatMap(({ findings }) => findings).slice(0, MAX_FINDINGS),
      isOpen: taken.some(({ isOpen }) => isOpen),
    };
  }

  async #takeOf(known: Replica): Promise<BlocksTaken> {
    const { transport, signal } = this.options;
    const { router } = known;
    const blocks: ReviewedBlock[] = [];
    let replica = known;
    try {
      for (;;) {
        const { lastHeight } = replica;
        const published = await transport.fetchBlocks(router, lastHeight, signal);
        for (const evidence of published) {
          const review = await this.#review(replica, evidence);
          if (review === undefined) continue;
          if (review.findings.length > 0) return { blocks, findings: review.findings, isOpen: false };
          replica = review.after;
          this.#replicas.set(router, replica);
          blocks.push({ router, height: review.height, hash: review.hash, reports: review.reports });
        }
        if (replica.lastHeight === lastHeight) return { blocks, findings: [], isOpen: false };
      }
    } catch (error) {
      if (!(error instanceof YellowstoneError)) throw error;
      const what = `its blocks cannot be reviewed: ${error.message}`;
      return { blocks, findings: [{ where: `router ${router}`, what }], isOpen: true };
    }
  }

  /** @returns undefined for a block at or before the last one that held */
  async #review(replica: Replica, evidence: BlockEvidence): Promise<BlockReview | undefined> {
    const opened = await openEvidence(evidence, this.options);
    if (opened.isSigned) await this.options.equivocations.see(evidence.block);
    if (opened.hash === replica.lastHash || opened.value.height < replica.lastHeight) return undefined;
    return reviewBlock(replica, opened, this.#rules());
  }

  #rules(): ReviewRules {
    const { policy, emissionStart } = this.options;
    return { policy, emissionStart, routers: this.#routers };
  }
}
