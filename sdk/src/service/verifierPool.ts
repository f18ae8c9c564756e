/// <reference types="node" />
import { Worker } from "node:worker_threads";
import { addressOfBytes, recoverAddress } from "../crypto/index.js";
import { VerifierFailed } from "../errors/journal.js";
import type { Recover } from "../messages/index.js";
import type { Address } from "../units/index.js";
import { ADDRESS_BYTES, REQUEST_BYTES, SIGNATURE_BYTES, type Answer } from "./wire.js";

/** How many threads recover signers. */
export interface VerifierPoolOptions {
  /** Worker threads; 1 when left out. This thread goes on with everything else. */
  readonly workers?: number;
}

/** Threads that recover signers, for `RouterOptions.recover`. */
export interface VerifierPool {
  readonly recover: Recover;
  /** Signatures that are being recovered. */
  readonly pending: number;
  /** End the threads; what is pending is refused. */
  close(): Promise<void>;
}

/**
 * Create a pool of worker threads that recover signers, so that one core verifies while another decides. Signatures that
 * come in one turn of the event loop travel together. A signature the workers refuse is recovered again here, for its error.
 *
 * @example
 * const pool = createVerifierPool({ workers: 2 });
 * const router = await openRouter({ ...options, recover: pool.recover });
 */
export function createVerifierPool({ workers = 1 }: VerifierPoolOptions = {}): VerifierPool {
  const pool = new Pool(workers);
  return {
    recover: (digest, signature) => pool.recover(digest, signature),
    get pending() {
      return pool.pending;
    },
    close: () => pool.close(),
  };
}

interface Request {
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
  readonly resolve: (address: Address) => void;
  readonly reject: (reason: unknown) => void;
}

/** A thread and what it was asked, oldest batch first: it answers in order. */
interface Lane {
  readonly worker: Worker;
  readonly asked: Request[][];
  load: number;
}

/** Requests in one message at most: more would keep the other threads waiting. */
const MAX_BATCH = 64;

class Pool {
  readonly #lanes: Lane[];
  #waiting: Request[] = [];
  #isPlanned = false;
  #closed = false;

  constructor(workers: number) {
    if (!Number.isSafeInteger(workers) || workers < 1 || workers > 256) {
      throw new VerifierFailed(`${workers} workers, expected a whole number from 1 to 256`);
    }
    this.#lanes = Array.from({ length: workers }, () => this.#start());
  }

  get pending(): number {
    return this.#lanes.reduce((sum, { load }) => sum + load, this.#waiting.length);
  }

  recover(digest: Uint8Array, signature: Uint8Array): Address | Promise<Address> {
    // What no key signs costs nothing to refuse here.
    if (signature.length !== SIGNATURE_BYTES || digest.length !== 32) return recoverAddress(digest, signature);
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new VerifierFailed("closed");
      this.#waiting.push({ digest, signature, resolve, reject });
      if (this.#waiting.length >= MAX_BATCH) this.#send();
      else if (!this.#isPlanned) {
        this.#isPlanned = true;
        setImmediate(() => {
          this.#isPlanned = false;
          this.#send();
        });
      }
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const closed = new VerifierFailed("closed");
    for (const { reject } of this.#waiting.splice(0)) reject(closed);
    for (const lane of this.#lanes) refuseAll(lane, closed);
    await Promise.all(this.#lanes.map(({ worker }) => worker.terminate()));
  }

  #start(): Lane {
    const worker = new Worker(new URL("./verifierWorker.js", import.meta.url));
    const lane: Lane = { worker, asked: [], load: 0 };
    worker.on("message", (answer: Answer) => settle(lane, answer));
    worker.on("error", (cause) => this.#replace(lane, cause));
    worker.unref();
    return lane;
  }

  /** A thread that ended is replaced; what it was asked is refused, and can be asked again. */
  #replace(lane: Lane, cause: unknown): void {
    refuseAll(lane, new VerifierFailed("a thread ended", cause));
    if (!this.#closed) this.#lanes[this.#lanes.indexOf(lane)] = this.#start();
  }

  #send(): void {
    const share = Math.ceil(this.#waiting.length / this.#lanes.length);
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, Math.min(share, MAX_BATCH));
      const lane = this.#lanes.reduce((least, each) => (each.load < least.load ? each : least));
      const bytes = new Uint8Array(batch.length * REQUEST_BYTES);
      for (const [i, { digest, signature }] of batch.entries()) {
        bytes.set(digest, i * REQUEST_BYTES);
        bytes.set(signature, i * REQUEST_BYTES + 32);
      }
      lane.asked.push(batch);
      lane.load += batch.length;
      lane.worker.ref();
      lane.worker.postMessage(bytes, [bytes.buffer]);
    }
  }
}

function settle(lane: Lane, { addresses, refused }: Answer): void {
  // A worker answers batch by batch, and each only once.
  const batch = lane.asked.shift()!;
  lane.load -= batch.length;
  if (lane.load === 0) lane.worker.unref();
  for (const [i, { digest, signature, resolve, reject }] of batch.entries()) {
    if (refused[i] === 0) {
      resolve(addressOfBytes(addresses.subarray(i * ADDRESS_BYTES, (i + 1) * ADDRESS_BYTES)));
      continue;
    }
    try {
      resolve(recoverAddress(digest, signature));
    } catch (reason) {
      reject(reason);
    }
  }
}

function refuseAll(lane: Lane, reason: VerifierFailed): void {
  lane.load = 0;
  for (const { reject } of lane.asked.splice(0).flat()) reject(reason);
}
