import type { Node } from "../mutation/ast.js";
import { childrenOf, nameOf, nodesIn, rangeOf } from "../mutation/ast.js";
import type { SourceTexts } from "../mutation/compiler.js";
import { Marker } from "./marker.js";
import type { Mark } from "./marks.js";
import { withLibrary } from "./marks.js";
import { markAssembly } from "./yul.js";

/** Statements that only hold others. */
const BLOCKS = new Set(["Block", "UncheckedBlock"]);
const LOOPS = new Set(["ForStatement", "WhileStatement", "DoWhileStatement"]);
const LOGIC = new Set(["&&", "||"]);

/** Put marks into every file of `sources` that `trees` holds a tree of. Returns the changed sources and all marks. */
export function instrument(
  sources: SourceTexts,
  trees: ReadonlyMap<string, Node>,
): { sources: SourceTexts; marks: readonly Mark[] } {
  const marks: Mark[] = [];
  const marked = new Map<string, string>();
  for (const [file, tree] of trees) {
    const text = sources[file] ?? "";
    const marker = new Marker(file, text, marks);
    const before = marks.length;
    visit(tree, marker);
    if (marks.length > before) marked.set(file, marker.edits.applyTo(text));
  }
  return { sources: withLibrary(sources, marked), marks };
}

/** Mark what `node` is, then what is in it: what stands further out is put first around the same place. */
function visit(node: Node, marker: Marker): void {
  switch (node.nodeType) {
    case "FunctionDefinition":
    case "ModifierDefinition":
      markFunction(node, marker);
      break;
    case "Block":
    case "UncheckedBlock":
      for (const statement of nodesIn(node, "statements")) markStatement(statement, marker, false);
      break;
    case "IfStatement":
    case "Conditional":
    case "ForStatement":
    case "WhileStatement":
    case "DoWhileStatement":
      markBranching(node, marker);
      break;
    case "FunctionCall":
      markRequire(node, marker);
      break;
    case "BinaryOperation":
      if (isLogic(node) && !marker.counted.has(node)) markCondition(node, marker);
      break;
    case "TryCatchClause":
      markClause(node, marker);
      break;
    case "InlineAssembly":
      markAssembly(node, marker);
      return;
  }
  for (const child of childrenOf(node)) visit(child, marker);
}

function markFunction(node: Node, marker: Marker): void {
  const [body] = nodesIn(node, "body");
  if (body === undefined) return;
  const name = nameOf(node) === "" ? String(node["kind"]) : nameOf(node);
  marker.markInside(body, marker.add("function", node, `${name} is called`));
}

/** Mark that a statement is reached; `isBody` if it stands without braces behind an `if` or a loop. */
function markStatement(node: Node, marker: Marker, isBody: boolean): void {
  const [value] = nodesIn(node, "initialValue");
  const acts = node.nodeType !== "VariableDeclarationStatement" || value !== undefined;
  if (BLOCKS.has(node.nodeType) || !acts) return;
  let marks = `coverageMark(${marker.add("line", node, "statement is reached")}); `;
  const [thrown] = nodesIn(node, "errorCall");
  if (thrown !== undefined) marks += `coverageMark(${marker.add("error", node, errorOf(thrown))}); `;
  const [start, end] = rangeOf(node);
  if (!isBody) marker.edits.insert(start, marks);
  else marker.edits.wrap(start, marker.behindSemicolon(end), `{ ${marks}`, " }");
}

function markBranching(node: Node, marker: Marker): void {
  const bodies = ["trueBody", "falseBody", "body"].flatMap((field) => nodesIn(node, field));
  if (node.nodeType === "IfStatement" || LOOPS.has(node.nodeType)) {
    for (const body of bodies) markStatement(body, marker, true);
  }
  for (const condition of nodesIn(node, "condition")) markCondition(condition, marker);
}

/** Mark both ways of a condition; of `&&` and `||` those of each operand. */
function markCondition(condition: Node, marker: Marker): void {
  for (const leaf of leavesOf(condition, marker)) {
    marker.edits.wrap(...rangeOf(leaf), "coverageWay(", `, ${marker.addWays(leaf)})`);
  }
}

function markRequire(node: Node, marker: Marker): void {
  const [callee] = nodesIn(node, "expression");
  const [condition, thrown] = nodesIn(node, "arguments");
  if (condition === undefined || !["require", "assert"].includes(nameOf(callee))) return;
  if (thrown?.nodeType === "FunctionCall") {
    const n = marker.add("error", node, errorOf(thrown));
    marker.edits.wrap(...rangeOf(condition), "coverageFalse(", `, ${n})`);
  }
  markCondition(condition, marker);
}

function markClause(node: Node, marker: Marker): void {
  const [block] = nodesIn(node, "block");
  if (block !== undefined) marker.markInside(block, marker.add("branch", node, "clause is entered"));
}

function isLogic(node: Node): boolean {
  return node.nodeType === "BinaryOperation" && LOGIC.has(String(node["operator"]));
}

/** The operands of `&&` and `||` in a condition, through parentheses and `!`; the condition itself if it has none. */
function leavesOf(node: Node, marker: Marker): Node[] {
  if (isLogic(node)) {
    marker.counted.add(node);
    return ["leftExpression", "rightExpression"].flatMap((side) =>
      nodesIn(node, side).flatMap((operand) => leavesOf(operand, marker)),
    );
  }
  const negated = node.nodeType === "UnaryOperation" && node["operator"] === "!";
  const [inner] = negated ? nodesIn(node, "subExpression") : nodesIn(node, "components");
  if (inner === undefined) return [node];
  const leaves = leavesOf(inner, marker);
  return leaves.length > 1 ? leaves : [node];
}

function errorOf(call: Node): string {
  const [callee] = nodesIn(call, "expression");
  const member = callee?.["memberName"];
  return typeof member === "string" ? member : nameOf(callee);
}
