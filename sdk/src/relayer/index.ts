export { relayProvider, type ConnectionOptions } from "./connection.js";
export { readDataFeeKind, readNitroDataGas, readOpDataFee, type DataFee, type DataFeeKind } from "./dataFee.js";
export { createRelayer, type Relayer, type RelayerOptions, type RelayEvent } from "./relayer.js";
export type { FeePolicy, ProfitPolicy, RelayLimits, RelayTiming } from "./settings.js";
export type { Change, RelayFailure, ItemOutcome, PartResult } from "./state.js";
export type { ItemStatus, JobStatus, PartStatus, RelayPhase } from "./status.js";
export type { RelayBatch, RelayStore } from "./store.js";
export type { JobId, PackedAttestation, RelayAward, RelayEntry, Task, TaskKind } from "./task.js";
