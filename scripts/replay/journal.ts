import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  openRouter,
  openSqliteStorage,
  type JournaledRouter,
  type JournaledRouterOptions,
} from "@yellowstone-compute/sdk/journal";

/** What the journal of a replay came to. */
export interface ReplayJournal {
  readonly bytes: number;
  readonly inputs: number;
  /** Inputs that a restart after the last one replayed, to the very same state. */
  readonly replayed: number;
}

/** The router of a replay, on a journal. */
export interface RecordedRouter {
  readonly router: JournaledRouter;
  /** Let go of the journal as a crash does, open it again, and compare. A journal nobody asked for is removed. */
  finish(): Promise<ReplayJournal>;
}

/**
 * Open the replay's router on a journal: `journal.db` in a folder, which must have none, or in a temporary one. It survives
 * a kill of the process; its chain would not survive more.
 */
export async function openRecordedRouter(
  options: Omit<JournaledRouterOptions, "storage">,
  folder: string | undefined,
): Promise<RecordedRouter> {
  const place = folder ?? mkdtempSync(join(tmpdir(), "yellowstone-replay-"));
  const open = async (): Promise<JournaledRouter> => {
    const storage = await openSqliteStorage(join(place, "journal.db"), { durability: "process" });
    return openRouter({ ...options, storage, group: "each" });
  };
  if (folder === undefined) process.once("exit", () => rmSync(place, { recursive: true, force: true }));
  const router = await open();
  return {
    router,
    async finish() {
      const digest = router.digest();
      router.abandon();
      const again = await open();
      const { bytes, inputs, replayed } = again.journal();
      const isSame = again.digest() === digest;
      again.close();
      if (folder === undefined) rmSync(place, { recursive: true, force: true });
      if (!isSame) throw new Error("replay: the journal gives another state than the one it was written by");
      return { bytes, inputs, replayed };
    },
  };
}
