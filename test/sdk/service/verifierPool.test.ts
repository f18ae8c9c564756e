import { setImmediate } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { expect } from "chai";
import fc from "fast-check";
import { recoverAddress, signDigest, addressOfKey } from "@yellowstone-compute/sdk/crypto";
import { SignatureRecoveryByte, VerifierFailed, YellowstoneError } from "@yellowstone-compute/sdk/errors";
import { createMemoryStorage, openRouter } from "@yellowstone-compute/sdk/journal";
import { createVerifierPool, type VerifierPool } from "@yellowstone-compute/sdk/service";
import { REQUEST_BYTES } from "../../../sdk/dist/service/wire.js";
import { crashBasis } from "../journal/basis.js";
import { Stream } from "../journal/stream.js";

describe("verifier pool", () => {
  let pool: VerifierPool;
  before(() => (pool = createVerifierPool({ workers: 2 })));
  after(() => pool.close());

  it("recovers what this thread recovers, and refuses it by the same errors", async () => {
    const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
    const request = fc.record({ key: bytes(32), digest: bytes(32), flip: fc.option(fc.nat(64)), cut: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 100 }), async (requests) => {
        const signed = requests.flatMap(({ key, digest, flip, cut }) => {
          key[0] = 1;
          const signature = signDigest(digest, key);
          if (flip !== null) signature[flip] = (signature[flip] as number) ^ 129;
          return [{ digest, signature: cut && flip !== null ? signature.subarray(0, flip) : signature }];
        });
        const here = signed.map(({ digest, signature }) => outcome(() => recoverAddress(digest, signature)));
        const there = await Promise.all(
          signed.map(async ({ digest, signature }) => {
            try {
              return await pool.recover(digest, signature);
            } catch (error) {
              return codeOf(error);
            }
          }),
        );
        expect(there).to.deep.equal(here);
        expect(pool.pending).to.equal(0);
      }),
      { numRuns: 20 },
    );
  });

  it("serves a router, which decides as one that verifies by itself", async () => {
    const [own, pooled] = await Promise.all(
      [{}, { recover: pool.recover }].map(async (change) => {
        const stream = new Stream(await openRouter({ ...crashBasis, storage: createMemoryStorage(), ...change }), 5);
        await stream.begin();
        for (let i = 0; i < 60; i++) await stream.step();
        return stream;
      }),
    );
    expect(pooled?.acknowledged).to.deep.equal(own?.acknowledged);
  });

  it("puts another thread in the place of one that ended, and refuses what that one was asked", async () => {
    const workers: Worker[] = [];
    const note = (worker: Worker): void => void workers.push(worker);
    process.on("worker", note);
    const one = createVerifierPool();
    try {
      await setImmediate();
      // What a thread cannot read ends it.
      workers[0]?.postMessage("x".repeat(REQUEST_BYTES));
      const [key, digest] = [1, 2].map((byte) => new Uint8Array(32).fill(byte)) as [Uint8Array, Uint8Array];
      const signature = signDigest(digest, key);
      const lost = await Promise.resolve(one.recover(digest, signature)).catch((error: unknown) => error);
      expect(lost).to.be.instanceOf(VerifierFailed);
      expect(lost).to.include({ retry: "now" });
      expect(one.pending).to.equal(0);
      expect(await one.recover(digest, signature)).to.equal(addressOfKey(key));
      expect(workers).to.have.length(2);
    } finally {
      process.off("worker", note);
      await one.close();
    }
  });

  it("refuses by its own error what a thread cannot recover", async () => {
    const digest = new Uint8Array(32).fill(2);
    const signature = signDigest(digest, new Uint8Array(32).fill(1));
    signature[64] = 29;
    const refused = await Promise.resolve(pool.recover(digest, signature)).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(SignatureRecoveryByte);
  });

  it("refuses what is pending when it is closed, and everything after", async () => {
    const closing = createVerifierPool();
    const key = new Uint8Array(32).fill(1);
    const digest = new Uint8Array(32).fill(2);
    const signature = signDigest(digest, key);
    expect(await closing.recover(digest, signature)).to.equal(addressOfKey(key));
    const pending = Promise.resolve(closing.recover(digest, signature)).catch((error: unknown) => error);
    await closing.close();
    expect(await pending).to.be.instanceOf(VerifierFailed);
    expect(await Promise.resolve(closing.recover(digest, signature)).catch((error: unknown) => error)).to.be.instanceOf(
      VerifierFailed,
    );
    expect(() => createVerifierPool({ workers: 0 })).to.throw(VerifierFailed);
  });
});

function outcome(call: () => string): string {
  try {
    return call();
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof YellowstoneError ? error.code : String(error);
}
