import type { Node } from "./ast.js";
import { childrenOf, nameOf, nodesIn, rangeOf } from "./ast.js";
import type { Findings, Form } from "./mutant.js";

const SWAPS: Readonly<Record<string, string>> = {
  add: "sub",
  sub: "add",
  mul: "div",
  div: "mul",
  lt: "gt",
  gt: "lt",
  and: "or",
  or: "and",
  xor: "and",
  shl: "shr",
  shr: "shl",
};
const STORES = new Set(["mstore", "mstore8", "sstore", "tstore", "calldatacopy", "mcopy"]);
/** An expression that may stand twice in a row: it neither changes anything nor leaves. */
const ACTS = /\b(call|staticcall|delegatecall|create2?|revert|return|s?store)\b/;

/** Find the mutants of an assembly block that begins at byte `assemblyStart`. */
export function findInAssembly(block: Node, found: Findings, assemblyStart: number): void {
  visit(block, found, assemblyStart, false);
}

function visit(node: Node, found: Findings, assemblyStart: number, inFunction: boolean): void {
  const text = found.textOf(node);
  const add = (operator: string, form: Form, place: Node, after: string): void =>
    found.add(operator, inFunction || ACTS.test(text) ? "alone" : form, place, after, assemblyStart);
  const expression: Form = "yulExpression";
  switch (node.nodeType) {
    case "YulFunctionCall": {
      const name = callee(node);
      const other = SWAPS[name];
      if (other !== undefined) add("opcode", expression, node, text.replace(name, other));
      if (name === "eq" || name === "iszero") add("opcode", expression, node, `iszero(${text})`);
      break;
    }
    case "YulLiteral":
      if (node["kind"] === "number") {
        add("constant", expression, node, `add(${text}, 1)`);
        if (Number(text) !== 0) add("constant", expression, node, `sub(${text}, 1)`);
      }
      return;
    case "YulExpressionStatement": {
      const [call] = nodesIn(node, "expression");
      if (call !== undefined && STORES.has(callee(call))) add("store", "yulStatement", node, "");
      break;
    }
    case "YulAssignment":
      add("statement", "yulStatement", node, "");
      break;
    case "YulIf":
      for (const condition of nodesIn(node, "condition")) {
        add("condition", expression, condition, `iszero(${found.textOf(condition)})`);
      }
      break;
  }
  const insideFunction = inFunction || node.nodeType === "YulFunctionDefinition";
  for (const child of childrenOf(node)) {
    // A case's value must be a literal, and a name is no place.
    if (node.nodeType === "YulCase" && rangeOf(child)[0] === rangeOf(nodesIn(node, "value")[0] ?? child)[0]) continue;
    visit(child, found, assemblyStart, insideFunction);
  }
}

function callee(call: Node): string {
  return nameOf(nodesIn(call, "functionName")[0]);
}
