import type { Signed } from "../messages/index.js";
import {
  describeFinding,
  parseEvidence,
  type Announcement,
  type BlockEvidence,
  type BlockReview,
  type ChainView,
  type Proposal,
  type QuorumPeer,
  type Refusal,
} from "../quorum/index.js";
import type { Address, Hash32 } from "../units/index.js";
import type { RouterCore } from "./core.js";
import { MAX_BLOCKS_AT_ONCE } from "./httpTransport.js";
import { failureOf, type ServiceLog } from "./log.js";
import type { RouterMetrics } from "./metrics.js";
import type { UserDesk } from "./userDesk.js";

/** What the desk for other routers needs. */
export interface PeerDeskOptions {
  readonly core: RouterCore;
  readonly users: UserDesk;
  /** The chain now, after what happened on it was taken in. */
  readonly view: () => Promise<ChainView>;
  readonly timeoutMs: number;
  /** Bytes of evidence in one answer. */
  readonly maxBytes: number;
  readonly log: ServiceLog;
  readonly metrics: RouterMetrics;
  readonly now: () => bigint;
}

/** A router whose block does not hold is asked again only after so many milliseconds. */
const REFUSED_MS = 10_000;
/** Proposals of one seq that are kept on hearsay. */
const MAX_HEARD = 8;

/** Answers the other routers, and asks them for their blocks. */
export class PeerDesk implements QuorumPeer {
  readonly #options: PeerDeskOptions;
  readonly #following = new Map<Address, Promise<boolean>>();
  readonly #refused = new Map<Address, { readonly hash: Hash32; readonly untilMs: number }>();

  constructor(options: PeerDeskOptions) {
    this.#options = options;
  }

  async coSign(proposal: Proposal): Promise<Signed<"Attestation"> | Refusal> {
    const { core, log, metrics, view } = this.#options;
    const seq = proposal.attestation.seq.toString();
    // Whoever asks may know blocks that are not here yet.
    const behind = proposal.through.filter(({ router, height }) => this.#isBehind(router, height));
    await Promise.all(behind.map(({ router }) => this.follow(router)));
    const answer = await core.node.coSign(proposal, await view());
    if ("status" in answer) {
      metrics.refusals.inc();
      log.warn({ seq, findings: answer.findings.map(describeFinding) }, "refused to sign");
    } else {
      metrics.coSigned.inc();
      log.info({ seq }, "signed");
    }
    return answer;
  }

  async blocksAfter(height: bigint): Promise<readonly BlockEvidence[]> {
    return Promise.resolve(this.evidenceFrom(height + 1n).map((json) => parseEvidence(json)));
  }

  /** Evidence of this router's blocks from a height on, as JSON carries it. */
  evidenceFrom(height: bigint): ReturnType<RouterCore["archive"]["evidenceFrom"]> {
    const { core, maxBytes } = this.#options;
    return core.archive.evidenceFrom(core.self, height, MAX_BLOCKS_AT_ONCE, maxBytes);
  }

  hear(from: Address, announcement: Announcement): void {
    const { core, users, now, log } = this.#options;
    if (announcement.kind === "bid") {
      users
        .hearBid(announcement.bid, now())
        .catch((error: unknown) => log.debug({ from, ...failureOf(error) }, "bid not taken"));
      return;
    }
    const { proposal } = announcement;
    const { seq } = proposal.attestation;
    const isNear = seq > core.node.acceptedSeq && seq <= core.node.acceptedSeq + 4n;
    if (!isNear || core.archive.proposals(seq).length >= MAX_HEARD) return;
    core.archive.addProposal(proposal, core.node.digestOf(proposal));
  }

  /** Fetch and review all blocks of a router that are not here. @returns whether it is up to date; never throws */
  follow(router: Address): Promise<boolean> {
    const running = this.#following.get(router);
    if (running !== undefined) return running;
    if ((this.#refused.get(router)?.untilMs ?? 0) > performance.now()) return Promise.resolve(false);
    const next = this.#follow(router)
      .catch((error: unknown) => {
        this.#options.log.debug({ router, ...failureOf(error) }, "cannot follow");
        return false;
      })
      .finally(() => this.#following.delete(router));
    this.#following.set(router, next);
    return next;
  }

  async #follow(router: Address): Promise<boolean> {
    const { core, users, timeoutMs, now } = this.#options;
    for (;;) {
      const height = core.node.coSigner.heightOf(router);
      const blocks = await core.transport.fetchBlocks(router, height, AbortSignal.timeout(timeoutMs));
      for (const evidence of blocks) {
        const review = await core.node.take(evidence, now());
        if (review === undefined) continue;
        if (review.findings.length > 0) {
          this.#refuse(router, review);
          return false;
        }
        // Bids travel with the evidence too: a router that was away hears of them here.
        for (const step of evidence.steps) if (step.kind === "bid") await users.hearBid(step.bid, now());
      }
      if (core.node.coSigner.heightOf(router) === height) return true;
    }
  }

  /** Say once what is wrong with a block, and leave its router alone for a while. */
  #refuse(router: Address, { hash, height, findings }: BlockReview): void {
    const { log, metrics } = this.#options;
    if (this.#refused.get(router)?.hash !== hash) {
      metrics.refusedBlocks.inc();
      log.warn({ router, height: height.toString(), findings: findings.map(describeFinding) }, "a block does not hold");
    }
    this.#refused.set(router, { hash, untilMs: performance.now() + REFUSED_MS });
  }

  #isBehind(router: Address, height: bigint): boolean {
    const { core } = this.#options;
    const isOther = router !== core.self && core.set.routers.some(({ account }) => account === router);
    return isOther && core.node.coSigner.heightOf(router) < height;
  }
}
