export {
  readConfig,
  type BalanceChain,
  type KeySource,
  type LogLevel,
  type RouterConfig,
  type TextSource,
} from "./config/config.js";
export type { WrittenPolicy } from "./config/policy.js";
export { loadKey, requestKeyOf, routerKeyOf, type Environment, type RequestKey, type RouterKey } from "./keys.js";
export {
  AUTH_HEADERS,
  createRequestVerifier,
  requestDigest,
  signRequest,
  type RequestParts,
  type RequestVerifier,
  type RouterRequest,
  type VerifierOptions,
} from "./requestAuth.js";
export { createHttpTransport, type HttpTransportOptions, type RouterTransport } from "./httpTransport.js";
export { type RetryOptions } from "./httpClient.js";
export { parseAttestationPost, serializeAttestationPost, type AttestationPostJson } from "./attestationJson.js";
export { assumeAlive, createHttpLiveness, type Liveness, type ProbeOptions } from "./liveness.js";
export { Days, openDays, type DaySources, type DaysOptions } from "./days.js";
export { createLog, type ServiceLog } from "./log.js";
export { CHAIN_FIGURES, ChainMetrics } from "./chainMetrics.js";
export { startExporter, type ChainExporter, type ExporterOptions } from "./exporter.js";
export { FIGURES, RouterMetrics } from "./metrics.js";
export { connectService, startRouter, type Connected, type RouterService, type ServiceOptions } from "./service.js";
export { parseRefusal, serializeRefusal, type RefusalJson } from "./refusalJson.js";
export { createVerifierPool, type VerifierPool, type VerifierPoolOptions } from "./verifierPool.js";
