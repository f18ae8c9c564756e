import { SeqAlreadySigned } from "../errors/quorum.js";
import { hashMessage, type Attestation, type Domain } from "../messages/index.js";
import type { SignedSeq } from "../router/index.js";

/** Where signed seqs outlive the process. A journal implements it. */
export interface SignedSeqStore {
  /** Load what was saved last for a seq. */
  load(seq: bigint): Promise<SignedSeq | undefined>;
  /** Save in place of what was there. The signature leaves only after this has resolved: it must be durable then. */
  save(signed: SignedSeq): Promise<void>;
}

/** Keeps a router from signing two attestations of which either could be posted. */
export interface SignedSeqs {
  /**
   * Note an attestation before it is signed. The same one may be signed again. Another one with its seq only once
   * the contract no longer takes the first: `chainAt`, the moment of a block of the chain, is after its deadline.
   * @throws SeqAlreadySigned
   */
  claim(attestation: Attestation, chainAt: bigint): Promise<void>;
}

/** Create the guard of a router over its store. Claims follow one another, so that two at once cannot both pass. */
export function createSignedSeqs(store: SignedSeqStore, domain: Domain): SignedSeqs {
  let last: Promise<unknown> = Promise.resolve();
  const claim = async (attestation: Attestation, chainAt: bigint): Promise<void> => {
    const { seq, deadline } = attestation;
    const digest = hashMessage("Attestation", attestation, domain);
    const before = await store.load(seq);
    if (before !== undefined && before.digest !== digest && chainAt <= before.deadline) {
      throw new SeqAlreadySigned(seq, before.digest, digest, before.deadline, chainAt);
    }
    await store.save({ seq, digest, deadline });
  };
  return {
    claim(attestation, chainAt) {
      const next = last.then(() => claim(attestation, chainAt));
      last = next.catch(() => undefined);
      return next;
    },
  };
}

/** Keep signed seqs in memory: for tests and for what may forget. */
export function memorySignedSeqs(): SignedSeqStore {
  const signed = new Map<bigint, SignedSeq>();
  return {
    load: (seq) => Promise.resolve(signed.get(seq)),
    save: (one) => Promise.resolve(void signed.set(one.seq, one)),
  };
}
