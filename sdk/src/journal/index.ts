export { JOURNAL_FORMAT } from "./header.js";
export { createMemoryStorage, type MemoryStorage } from "./memory.js";
export { openRouter, type JournaledRouter, type JournaledRouterOptions, type JournalFigures } from "./openRouter.js";
export { type JournalSettings } from "./settings.js";
export { openSqliteStorage, type SqliteSettings } from "./sqlite.js";
export type { JournalStorage, StoredBatch } from "./storage.js";
export { stateDigest } from "./stateCodec.js";
