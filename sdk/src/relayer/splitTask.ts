import { ranksMask, ranksOf } from "../bootstrap/ranks.js";
import { bytesToHex } from "../crypto/hex.js";
import { packProven, splitClaim, splitProven, unpackClaim, type ProvenRange } from "../ledger/claimParts.js";
import { bytes, type Task } from "./task.js";

/**
 * Cut a task into two that together do the same, and each of which can be done without the other. Undefined for one that is
 * about one thing only. Pure.
 */
export function splitTask(task: Task): [Task, Task] | undefined {
  switch (task.kind) {
    case "claim": {
      const parts = splitClaim(bytes(task.ranges));
      if (parts === undefined) return undefined;
      return [
        { ...task, ranges: bytesToHex(parts[0]) },
        { ...task, ranges: bytesToHex(parts[1]) },
      ];
    }
    case "entry":
      return splitEntry(task);
    case "award": {
      const ranks = ranksOf(task.ranks);
      if (ranks.length < 2) return undefined;
      const cut = ranks.length >> 1;
      return [
        { ...task, ranks: ranksMask(ranks.slice(0, cut)) },
        { ...task, ranks: ranksMask(ranks.slice(cut)) },
      ];
    }
    default:
      return undefined;
  }
}

type Entry = Extract<Task, { kind: "entry" }>;

/** Both proofs of an entry are cut at the same place. */
function splitEntry(task: Entry): [Entry, Entry] | undefined {
  const [before, after] = [unpackClaim(bytes(task.before)), unpackClaim(bytes(task.after))];
  const parts = after.length > 1 ? cutLists(before, after) : cutRanges(before[0], after[0]);
  if (parts === undefined) return undefined;
  const [left, right] = parts.map(([first, second]): Entry => ({
    ...task,
    before: bytesToHex(packProven(first)),
    after: bytesToHex(packProven(second)),
  }));
  return [left!, right!];
}

type Cut = readonly (readonly [readonly ProvenRange[], readonly ProvenRange[]])[];

function cutLists(before: readonly ProvenRange[], after: readonly ProvenRange[]): Cut {
  const cut = after.length >> 1;
  return [
    [before.slice(0, cut), after.slice(0, cut)],
    [before.slice(cut), after.slice(cut)],
  ];
}

function cutRanges(before: ProvenRange | undefined, after: ProvenRange | undefined): Cut | undefined {
  if (before === undefined || after === undefined) return undefined;
  const first = splitProven(before, true);
  const second = splitProven(after, true);
  if (first === undefined || second === undefined) return undefined;
  // A right half that the later ledger leaves out proves nothing: only the left one is cut on.
  if (after.level > 0 && after.count <= 2 ** (after.level - 1)) return cutRanges(first[0], second[0]);
  return [
    [[first[0]], [second[0]]],
    [[first[1]], [second[1]]],
  ];
}
