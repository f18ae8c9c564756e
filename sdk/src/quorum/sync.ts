import type { Address } from "../units/index.js";
import type { CoSigner } from "./coSigner.js";
import type { BlockEvidence } from "./evidence.js";
import type { BlockReview } from "./reviewBlock.js";
import type { Transport } from "./transport.js";

/** A block that was fetched, and what its review says. */
export interface ReviewedEvidence {
  readonly evidence: BlockEvidence;
  readonly review: BlockReview;
}

/**
 * Fetch a router's blocks from where its last one held, and review them in order until none is new or one does not hold:
 * then it is the last one given.
 * @throws TransportFailed, RouterNotReviewed, the errors of the co-signer's sources; what was reviewed until then stays
 */
export async function* syncBlocks(
  coSigner: Pick<CoSigner, "heightOf" | "takeBlock">,
  transport: Pick<Transport, "fetchBlocks">,
  router: Address,
  signal: AbortSignal,
): AsyncGenerator<ReviewedEvidence> {
  for (;;) {
    const before = coSigner.heightOf(router);
    const blocks = await transport.fetchBlocks(router, before, signal);
    for (const evidence of blocks) {
      // A router answers for its own blocks only.
      if (evidence.block.value.router !== router) return;
      const review = await coSigner.takeBlock(evidence);
      if (review === undefined) continue;
      yield { evidence, review };
      if (review.findings.length > 0) return;
    }
    if (coSigner.heightOf(router) === before) return;
  }
}
