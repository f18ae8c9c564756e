export * from "./attestation.js";
export * from "./ledger.js";
export * from "./registry.js";
export * from "./reserve.js";
export * from "./routers.js";
export * from "./token.js";
