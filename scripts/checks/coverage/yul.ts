import type { Node } from "../mutation/ast.js";
import { childrenOf, nameOf, nodesIn, rangeOf } from "../mutation/ast.js";
import type { Marker } from "./marker.js";
import { yulReport } from "./marks.js";

/** What ends a call inside assembly. */
const ENDS = new Set(["revert", "return"]);

/** What is noted of one assembly block: the numbers from `first` on, as bits of the variable `seen`. */
interface Notes {
  readonly marker: Marker;
  readonly seen: string;
  readonly first: number;
}

/**
 * Mark what an assembly block decides. A call in the middle would change the size of the last answer, so that what is reached is
 * noted in a variable and reported behind the block, or where the call ends inside it.
 */
export function markAssembly(node: Node, marker: Marker): void {
  const first = marker.marks.length;
  const notes: Notes = { marker, seen: `coverage_seen_${first}`, first };
  const [start, end] = rangeOf(node);
  marker.edits.insert(start, `uint256 ${notes.seen} = 0; `);
  for (const block of nodesIn(node, "AST")) visit(block, notes);
  const count = marker.marks.length - first;
  if (count > 256) throw new Error(`${marker.file}: one assembly block of more than 256 places`);
  if (count > 0) marker.edits.insert(end, ` coverageSeen(${notes.seen}, ${first}); `);
}

function visit(node: Node, notes: Notes): void {
  const { marker, seen, first } = notes;
  const [start, end] = rangeOf(node);
  const [condition] = nodesIn(node, "condition");
  const [body] = nodesIn(node, "body");
  const note = (n: number): string => ` ${seen} := or(${seen}, shl(${n - first}, 1)) `;
  const noteIn = (block: Node, n: number): void => marker.edits.insert(rangeOf(block)[0] + 1, note(n));
  switch (node.nodeType) {
    case "YulIf":
      if (condition !== undefined && body !== undefined) {
        const n = marker.addWays(condition);
        const held = `coverage_held_${n}`;
        marker.edits.replace(start, start + "if".length, `let ${held} :=`);
        marker.edits.insert(rangeOf(condition)[1], ` if iszero(${held}) {${note(n + 1)}} if ${held} `);
        noteIn(body, n);
      }
      break;
    case "YulForLoop":
      if (condition !== undefined && body !== undefined) {
        const n = marker.addWays(condition);
        noteIn(body, n);
        marker.edits.insert(end, note(n + 1));
      }
      break;
    case "YulCase":
      if (body !== undefined) noteIn(body, marker.add("branch", node, "case is chosen"));
      break;
    case "YulExpressionStatement": {
      const [call] = nodesIn(node, "expression");
      if (call === undefined || !ENDS.has(nameOf(nodesIn(call, "functionName")[0]))) break;
      const text = marker.textOf(node).replaceAll("returndatasize()", "coverage_size");
      marker.edits.replace(start, end, yulReport(seen, first) + text);
      break;
    }
  }
  for (const child of childrenOf(node)) visit(child, notes);
}
