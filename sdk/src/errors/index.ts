export { YellowstoneError, type FailureOptions, type Retry } from "./base.js";
export { describeValue } from "./describeValue.js";
export * from "./access.js";
export * from "./input.js";
export * from "./ledger.js";
export * from "./market.js";
export * from "./quality.js";
export * from "./signature.js";
export * from "./time.js";
