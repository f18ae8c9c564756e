/// <reference types="node" />
import { deserialize, serialize } from "node:v8";
import { ArchiveInvalid } from "../../errors/service.js";
import { sumOf } from "./records.js";
import type { ArchiveDatabase } from "./sqlite.js";

/** A value that was kept, and the tag it was kept under. */
export interface KeptState {
  readonly tag: string;
  readonly value: unknown;
}

/** Values kept whole, by name and tag, with a checksum. */
export class States {
  readonly #base: ArchiveDatabase;
  readonly #path: string;

  constructor(base: ArchiveDatabase, path: string) {
    this.#base = base;
    this.#path = path;
  }

  /** Keep a value under a name and a tag, beside others of the name or in their place. */
  save(name: string, tag: string, value: unknown, place: "beside" | "instead"): void {
    const { db } = this.#base;
    const bytes = serialize(value);
    this.#base.write(() => {
      if (place === "instead") db.prepare("DELETE FROM state WHERE name = ?").run(name);
      db.prepare("INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?)").run(name, tag, bytes, sumOf(tag, bytes));
    });
  }

  /** Forget the values of a name but one. */
  keepOnly(name: string, tag: string): void {
    this.#base.write(() => this.#base.db.prepare("DELETE FROM state WHERE name = ? AND tag <> ?").run(name, tag));
  }

  /** The value under a name, of one tag or of any. @throws ArchiveInvalid when it is not what was kept */
  load(name: string, tag?: string): KeptState | undefined {
    const row = this.#base.read(() => {
      const sql = "SELECT * FROM state WHERE name = ? AND (? = '' OR tag = ?)";
      return this.#base.db.prepare(sql).get(name, tag ?? "", tag ?? "");
    });
    if (row === undefined) return undefined;
    const bytes = row["bytes"] as Uint8Array;
    const found = String(row["tag"]);
    if (Buffer.compare(sumOf(found, bytes), row["sum"] as Uint8Array) !== 0) {
      throw new ArchiveInvalid(this.#path, `its ${name} was changed`);
    }
    return { tag: found, value: deserialize(bytes) };
  }
}
