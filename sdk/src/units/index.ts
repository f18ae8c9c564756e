export type * from "./brands.js";
export * from "./constants.js";
export { maxUint, providerId, uint, unixMillis, unixSeconds, type Integer } from "./integers.js";
export { ZERO_HASH, address, hash32, hex, modelId } from "./identities.js";
export { formatMor, parseMor, uMor, uMorOfDown, wei, weiOf } from "./amounts.js";
export { blockAt, dayAt, lastCompleteBlock, startOfBlock, startOfDay } from "./clock.js";
