export { createStatusCollector, type CollectorOptions, type StatusCollector } from "./collector.js";
export { serializeStatus } from "./json.js";
export { serveDeployment, type StatusService, type StatusServiceOptions } from "./serveDeployment.js";
export { DEFAULT_STATUS_PORT, serveStatus, type ServeOptions, type StatusServer } from "./server.js";
export type {
  AttestationRow,
  AttestationStanding,
  NewsItem,
  PauseState,
  PoolPoint,
  ProviderRow,
  ProviderTotals,
  RankRow,
  SeasonRow,
  StatusSnapshot,
  StatusSource,
  Trouble,
} from "./snapshot.js";
