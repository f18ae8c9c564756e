/** Wei in one uMOR: the token's own precision between chains. Twin of the Solidity constant. */
export const WEI_PER_UMOR = 10n ** 12n;
/** Wei in one MOR. */
export const WEI_PER_MOR = 10n ** 18n;
/** Length of an inference block in seconds. */
export const BLOCK_SECONDS = 12;
/** Length of a block-day in seconds. */
export const DAY_SECONDS = 24 * 60 * 60;
/** Inference blocks of one block-day. */
export const BLOCKS_PER_DAY = DAY_SECONDS / BLOCK_SECONDS;
/** Start of the real emission schedule: 2024-02-08 12:00 UTC, in Unix seconds. */
export const EMISSION_START = 1_707_393_600;
/** Providers that share one 32-byte word of the ledger. */
export const LANES_PER_WORD = 4;
/** Depth of the ledger's word tree: 2^20 words, 4,194,304 providers. */
export const TREE_DEPTH = 20;
