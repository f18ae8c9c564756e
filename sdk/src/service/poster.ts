import { postAttestation, type AttestationPost } from "../actions/postAttestation.js";
import type { Deployment } from "../deployment/index.js";
import { AttestationRootStale, AttestationSeqInvalid } from "../errors/contract/attestation.js";
import type { Head } from "../ledger/index.js";
import { failureOf, type ServiceLog } from "./log.js";
import type { RouterMetrics } from "./metrics.js";

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

/**
 * Sends attestations that have their quorum, by a key of its own: one at a time, simulated first. That another has posted one is
 * no failure. Other failures are tried again after a pause that doubles.
 */
export class Poster {
  readonly #d: Deployment;
  readonly #log: ServiceLog;
  readonly #metrics: RouterMetrics;
  #inFlight: Promise<void> | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #notBeforeMs = 0;

  /** `d` is the deployment on the runner that pays. */
  constructor(d: Deployment, log: ServiceLog, metrics: RouterMetrics) {
    this.#d = d;
    this.#log = log;
    this.#metrics = metrics;
  }

  /** Whether a transaction is on its way, or a failure is being slept over. */
  get isBusy(): boolean {
    return this.#inFlight !== undefined || performance.now() < this.#notBeforeMs;
  }

  /** Post an attestation that continues the head, unless one is on its way. Does not wait for it; never throws. */
  offer(post: AttestationPost, head: Head): void {
    const { seq, previousRoot } = post.attestation;
    if (this.isBusy || seq !== head.lastSeq + 1n || previousRoot !== head.headRoot) return;
    this.#inFlight = this.#post(post).finally(() => (this.#inFlight = undefined));
  }

  /** Wait for what is on its way. */
  async close(): Promise<void> {
    await this.#inFlight;
  }

  async #post(post: AttestationPost): Promise<void> {
    const seq = post.attestation.seq.toString();
    try {
      const { receipt } = await postAttestation.sendAndWait(this.#d, post);
      this.#metrics.posted.inc();
      this.#pauseMs = FIRST_PAUSE_MS;
      this.#log.info({ seq, transaction: receipt.hash, gas: receipt.gasUsed.toString() }, "posted");
    } catch (error) {
      if (error instanceof AttestationSeqInvalid || error instanceof AttestationRootStale) {
        this.#log.info({ seq, code: error.code }, "posted by another");
        return;
      }
      this.#notBeforeMs = performance.now() + this.#pauseMs;
      this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_PAUSE_MS);
      this.#log.warn({ seq, ...failureOf(error) }, "not posted");
    }
  }
}
