/** 1 uMOR in wei: the unit of the ledger. */
export const UMOR = 10n ** 12n;
/** Seconds of a block-day. */
export const DAY = 86_400n;
/** Seconds of an inference block. */
export const BLOCK = 12n;
/** Providers in a word of the ledger. */
export const LANES = 4;
/** Levels of the tree above its words. */
export const DEPTH = 20;
/** Attestations that may be pending. */
export const MAX_PENDING = 256n;
/** Longest pause of attestations, in seconds. */
export const MAX_PAUSE = 7n * DAY;
/** Providers that share the pool of a season. */
export const MAX_RANKS = 100;
/** Greatest weight that an entry of a list can carry, in uMOR. */
export const MAX_WEIGHT = (1n << 48n) - 1n;

/** The smaller of two amounts. */
export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
/** What of `a` lies above `b`, or 0. */
export const above = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n);
