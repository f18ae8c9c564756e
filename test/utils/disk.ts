import { DatabaseSync } from "node:sqlite";

const VERBS = ["prepare", "exec"] as const;

/** Let the disk under all databases of this process fail, as SQLite says it: an I/O error. @returns what mends it */
export function failingDisk(): () => void {
  const before = VERBS.map((verb) => [verb, Object.getOwnPropertyDescriptor(DatabaseSync.prototype, verb)] as const);
  for (const verb of VERBS) {
    DatabaseSync.prototype[verb] = () => {
      throw Object.assign(new Error("disk I/O error"), { errcode: 10 });
    };
  }
  return () => {
    for (const [verb, descriptor] of before) {
      if (descriptor !== undefined) Object.defineProperty(DatabaseSync.prototype, verb, descriptor);
    }
  };
}
