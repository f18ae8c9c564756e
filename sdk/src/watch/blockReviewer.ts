import { YellowstoneError } from "../errors/base.js";
import type { BlockEvidence } from "../quorum/evidence.js";
import type { EquivocationWatch } from "../quorum/equivocation.js";
import { MAX_FINDINGS, type Finding } from "../quorum/findings.js";
import type { ReviewedBlock } from "../quorum/line.js";
import { openEvidence, type ReviewSources } from "../quorum/opened.js";
import { createReplica, type Replica } from "../quorum/replica.js";
import { reviewBlock } from "../quorum/reviewBlock.js";
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
    for (const router of this.#replicas.keys()) taken.push(await this.#takeOf(router));
    return {
      blocks: taken.flatMap(({ blocks }) => blocks),
      findings: taken.flatMap(({ findings }) => findings).slice(0, MAX_FINDINGS),
      isOpen: taken.some(({ isOpen }) => isOpen),
    };
  }

  async #takeOf(router: Address): Promise<BlocksTaken> {
    const { transport, signal } = this.options;
    const blocks: ReviewedBlock[] = [];
    try {
      for (;;) {
        const known = this.#replicas.get(router)?.lastHeight ?? -1n;
        const published = await transport.fetchBlocks(router, known, signal);
        for (const evidence of published) {
          const findings = await this.#take(router, evidence, blocks);
          if (findings.length > 0) return { blocks, findings, isOpen: false };
        }
        if ((this.#replicas.get(router)?.lastHeight ?? -1n) === known) return { blocks, findings: [], isOpen: false };
      }
    } catch (error) {
      if (!(error instanceof YellowstoneError)) throw error;
      const what = `its blocks cannot be reviewed: ${error.message}`;
      return { blocks, findings: [{ where: `router ${router}`, what }], isOpen: true };
    }
  }

  async #take(router: Address, evidence: BlockEvidence, blocks: ReviewedBlock[]): Promise<readonly Finding[]> {
    const replica = this.#replicas.get(router) ?? createReplica(router);
    const opened = await openEvidence(evidence, this.options);
    if (opened.isSigned) await this.options.equivocations.see(evidence.block);
    if (opened.hash === replica.lastHash || opened.value.height < replica.lastHeight) return [];
    const review = reviewBlock(replica, opened, this.#rules());
    if (review.findings.length > 0) return review.findings;
    this.#replicas.set(router, review.after);
    blocks.push({ router, height: review.height, hash: review.hash, reports: review.reports });
    return [];
  }

  #rules(): ReviewRules {
    const { policy, emissionStart } = this.options;
    return { policy, emissionStart, routers: this.#routers };
  }
}
