import { existsSync } from "node:fs";
import { join } from "node:path";

/** Path of a file of the shared folder (`SHARED_DIR`, or beside the repository), or undefined with a printed line. */
export function sharedFile(...parts: string[]): string | undefined {
  const path = join(process.env["SHARED_DIR"] ?? join(import.meta.dirname, "..", "..", "..", "shared"), ...parts);
  if (existsSync(path)) return path;
  console.log(`      skipped: shared ${parts.join("/")} is not there`);
  return undefined;
}
