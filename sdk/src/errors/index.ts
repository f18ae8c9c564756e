export { YellowstoneError, type FailureOptions, type Retry } from "./base.js";
export { describe } from "./describe.js";
export * from "./input.js";
export * from "./signature.js";
export * from "./time.js";
