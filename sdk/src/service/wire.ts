/** Bytes of a signature that a plain key makes. */
export const SIGNATURE_BYTES = 65;
/** Bytes of an address. */
export const ADDRESS_BYTES = 20;
/** A digest and a signature of 65 bytes, as a worker is asked. */
export const REQUEST_BYTES = 32 + SIGNATURE_BYTES;

/** What a worker found for a batch, in its order. */
export interface Answer {
  readonly addresses: Uint8Array;
  /** 1 where no address can be recovered. */
  readonly refused: Uint8Array;
}
