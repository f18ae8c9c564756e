export { createVerifierPool, type VerifierPool, type VerifierPoolOptions } from "./verifierPool.js";
