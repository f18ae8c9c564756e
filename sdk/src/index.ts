export * from "./crypto/index.js";
export * from "./emission/index.js";
export * from "./errors/index.js";
export * from "./messages/index.js";
export * from "./units/index.js";
