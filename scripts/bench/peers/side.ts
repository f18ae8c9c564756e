import type { Cost } from "./chain.js";

/** Credits of one posting, by id, in uMOR. */
export type Credits = ReadonlyMap<number, bigint>;

/** The books of one side for a number of providers, on a chain of its own. */
export interface Books {
  /** Post credits; left out where a side posts nothing on chain. */
  attest?(credits: Credits): Promise<Cost>;
  /** Pay these providers what they are due, in one transaction. */
  claim(ids: readonly number[]): Promise<Cost>;
  /** Wei that the payee of a provider holds. */
  heldWei(id: number): Promise<bigint>;
  /** Keep the books as they are; the answer brings them back. */
  snapshot(): Promise<() => Promise<void>>;
}

/** One way of keeping credits and paying them. */
export interface Side {
  /** As in the rows' `peer`; empty for our own. */
  readonly name: string;
  /** Numbers of providers it is measured at. */
  readonly sizes: readonly number[];
  /** Most providers one claim takes; 1 where claims come one by one, unlimited when left out. */
  readonly maxBatch?: number;
  /** True if a posting's credits are claimed apart from those of the posting before. */
  readonly separate?: boolean;
  /** True if a batch belongs to one payee, who gets one payment. */
  readonly onePayee?: boolean;
  /** Set up for `n` providers whose payout addresses hold no token. `claims` is false when only postings are measured. */
  open(n: number, claims: boolean): Promise<Books>;
}

export const SIZES = [10, 100, 1_000] as const;
export const WEI_PER_UMOR = 10n ** 12n;
