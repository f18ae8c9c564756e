import { bytesToHex, hexToBytes } from "@yellowstone-compute/sdk/crypto";
import { hashMessage, type Domain, type Kind, type Recover, type Signed } from "@yellowstone-compute/sdk/messages";
import { createVerifierPool, type VerifierPool } from "@yellowstone-compute/sdk/service";

/**
 * Recovers the router's signers in another thread, and begins when a message exists, not when its moment on the replay's
 * clock has come. The router gets what was recovered from exactly the digest and the signature it asks for.
 */
export class AheadVerifier {
  readonly #pool: VerifierPool;
  readonly #begun = new Map<string, ReturnType<Recover>>();

  constructor(private readonly domain: Domain) {
    this.#pool = createVerifierPool();
  }

  /** For `RouterOptions.recover`. */
  readonly recover: Recover = (digest, signature) => {
    const key = keyOf(digest, signature);
    const begun = this.#begun.get(key);
    if (begun === undefined) return this.#pool.recover(digest, signature);
    this.#begun.delete(key);
    return begun;
  };

  /** Begin with a message the router will be given. */
  async begin<K extends Kind>(message: Promise<Signed<K>>): Promise<void> {
    const { kind, value, signature } = await message;
    const digest = hexToBytes(hashMessage(kind, value, this.domain));
    const bytes = hexToBytes(signature);
    const recovering = Promise.resolve(this.#pool.recover(digest, bytes));
    // Refused when the router asks, which is later.
    recovering.catch(() => undefined);
    this.#begun.set(keyOf(digest, bytes), recovering);
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}

function keyOf(digest: Uint8Array, signature: Uint8Array): string {
  return bytesToHex(digest) + bytesToHex(signature);
}
