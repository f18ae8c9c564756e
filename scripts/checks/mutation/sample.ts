import { createHash } from "node:crypto";

/** Choose up to `size` of `all`, the same for the same seed, and more of the same for a greater size. */
export function sample<T extends { readonly id: string }>(all: readonly T[], size: number, seed: number): T[] {
  const rank = ({ id }: T): string => createHash("sha256").update(`${seed}:${id}`).digest("hex");
  const ranked = all.map((one) => ({ one, rank: rank(one) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return ranked.slice(0, size).map(({ one }) => one);
}
