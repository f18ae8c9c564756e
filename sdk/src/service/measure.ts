import type { ComputeState } from "../actions/readState.js";
import { WEI_PER_UMOR } from "../units/index.js";
import type { RouterCore } from "./core.js";
import type { RouterMetrics } from "./metrics.js";

/** What is measured beside the router itself. */
export interface Circumstances {
  readonly openBlock: bigint;
  readonly isReady: boolean;
  readonly sinceAcceptedMs: number;
  /** The chain as it was read last. */
  readonly state: ComputeState | undefined;
}

/** Blocks that a router may be behind before it counts as behind. */
const TOLERATED_BLOCKS = 3n;

/** Set the figures of a router. */
export async function measure(metrics: RouterMetrics, core: RouterCore, now: Circumstances): Promise<void> {
  const { router, node, set, archive, self } = core;
  const { openBlock, isReady, sinceAcceptedMs, state } = now;
  const { outcomes, waiting, matched, backlogUMor } = router.figures();
  const { inputs, bytes } = router.journal();
  const behind = set.routers.filter(({ account }) => node.coSigner.heightOf(account) < openBlock - TOLERATED_BLOCKS);
  metrics.outcomes(outcomes);
  metrics.set("waiting", waiting);
  metrics.set("matched", matched);
  metrics.set("backlog_umor", backlogUMor);
  metrics.set("journal_bytes", bytes);
  metrics.set("journal_inputs", inputs);
  metrics.set("block_height", openBlock);
  metrics.set("closed_height", archive.lastHeight(self));
  metrics.set("routers", set.routers.length);
  metrics.set("routers_behind", behind.length);
  metrics.set("equivocations", (await archive.equivocations.all()).length);
  metrics.set("ready", isReady ? 1 : 0);
  metrics.set("last_attestation_age_seconds", Math.floor(sinceAcceptedMs / 1_000));
  if (state === undefined) return;
  const { head, pool } = state;
  metrics.set("allowance_umor", pool.allowanceWei / WEI_PER_UMOR);
  metrics.set("pending_attestations", head.headSeq - head.activeSeq);
  metrics.set("seq", head.lastSeq);
  metrics.set("active_seq", head.activeSeq);
  metrics.set("attested_umor", head.attestedUMor);
}
