// A router whose file system refuses: `tsx scarce.ts PATH open|fill`. Says by which errors.
import { YellowstoneError } from "@yellowstone-compute/sdk/errors";
import { openRouter, openSqliteStorage } from "@yellowstone-compute/sdk/journal";
import { MOR, NOON_MS, bid, owner, rfc } from "../router/world.js";
import { crashBasis } from "./basis.js";

const [path = "", what] = process.argv.slice(2);
const NOBODY = 65_534;
const codes: string[] = [];
let acknowledged = 0;

/** The life of the child. */
async function live(): Promise<void> {
  try {
    // Who may do everything is refused nothing.
    if (what === "open" && process.getuid?.() === 0) process.setuid?.(NOBODY);
    const router = await openRouter({ ...crashBasis, snapshotEvery: 10_000, storage: await openSqliteStorage(path) });
    if (what === "fill") {
      await router.postBid(await bid(0, 1n, { capacity: 1_000, sequence: 1_000n }), owner.address, NOON_MS);
      while (codes.length < 2 && acknowledged < 1_000) {
        try {
          await router.admit(await rfc(`user ${acknowledged}`), { balanceWei: MOR, atMs: NOON_MS });
          acknowledged++;
        } catch (error) {
          codes.push(error instanceof YellowstoneError ? error.code : String(error));
        }
      }
    }
  } catch (error) {
    codes.push(error instanceof YellowstoneError ? error.code : String(error));
  }
  console.log(`${codes.join(" ")} acknowledged ${acknowledged}`);
}

// A test runner that loads every file of the folder does not start one, nor becomes nobody.
if (process.argv[1] === import.meta.filename) await live();
