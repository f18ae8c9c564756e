import type { Node } from "./ast.js";
import { childrenOf, isNode, nodesIn, rangeOf, typeOf } from "./ast.js";
import type { Mutant } from "./mutant.js";
import { Findings } from "./mutant.js";
import { findInAssembly } from "./yulOperators.js";

const SWAPS: Readonly<Record<string, readonly [kind: string, ...others: string[]]>> = {
  "+": ["arithmetic", "-"],
  "-": ["arithmetic", "+"],
  "*": ["arithmetic", "/"],
  "/": ["arithmetic", "*"],
  "%": ["arithmetic", "*"],
  "<": ["relational", "<=", ">="],
  "<=": ["relational", "<", ">"],
  ">": ["relational", ">=", "<="],
  ">=": ["relational", ">", "<"],
  "==": ["relational", "!="],
  "!=": ["relational", "=="],
  "&&": ["logical", "||"],
  "||": ["logical", "&&"],
  "&": ["bitwise", "|"],
  "|": ["bitwise", "&"],
  "^": ["bitwise", "&"],
  "<<": ["shift", ">>"],
  ">>": ["shift", "<<"],
  "+=": ["arithmetic", "-="],
  "-=": ["arithmetic", "+="],
  "*=": ["arithmetic", "/="],
  "/=": ["arithmetic", "*="],
  "|=": ["bitwise", "&="],
  "&=": ["bitwise", "|="],
  "^=": ["bitwise", "|="],
  "<<=": ["shift", ">>="],
  ">>=": ["shift", "<<="],
};

/** Places where a number is part of a type or of a name, or where nothing is executed. */
const NO_CODE = new Set(["typeName", "documentation", "overrides", "baseContracts", "returnParameters", "parameters"]);

/** List every mutant of one file. `text` is what `tree` was made from. */
export function findMutants(file: string, text: string, tree: Node): Mutant[] {
  const found = new Findings(file, text);
  visit(tree, found, false);
  return found.mutants;
}

function visit(node: Node, found: Findings, fixed: boolean): void {
  const type = typeOf(node);
  if (type.startsWith("int_const") && node.nodeType !== "VariableDeclaration") {
    if (!node["isLValue"]) findConstant(node, found, fixed);
    return;
  }
  switch (node.nodeType) {
    case "BinaryOperation":
      swapOperator(node, "leftExpression", "rightExpression", found, fixed ? "alone" : "expression");
      break;
    case "UnaryOperation":
      if (node["operator"] === "!") {
        const [operand] = nodesIn(node, "subExpression");
        if (operand !== undefined) found.add("negation", fixed ? "alone" : "expression", node, found.textOf(operand));
      }
      break;
    case "ExpressionStatement":
      findStatement(node, found);
      break;
    case "EmitStatement":
    case "RevertStatement":
      found.add(node.nodeType === "EmitStatement" ? "emit" : "revert", "statement", withSemicolon(node, found), "");
      break;
    case "IfStatement":
    case "WhileStatement":
    case "ForStatement":
    case "Conditional":
      for (const condition of nodesIn(node, "condition")) {
        found.add("condition", "expression", condition, `!(${found.textOf(condition)})`);
      }
      break;
    case "Return":
      for (const value of nodesIn(node, "expression")) {
        if (/^(u?int\d+|bytes\d+|address)$/.test(typeOf(value)))
          found.add("zero", "expression", value, `${typeOf(value)}(0)`);
        if (typeOf(value) === "bool") found.add("zero", "expression", value, "false");
      }
      break;
    case "ModifierInvocation":
      if (node["kind"] === "modifierInvocation") found.add("modifier", "alone", node, "");
      return;
    case "InlineAssembly": {
      const { AST: block } = node;
      if (isNode(block)) findInAssembly(block, found, rangeOf(node)[0]);
      return;
    }
  }
  const inConstant = fixed || (node.nodeType === "VariableDeclaration" && node["constant"] === true);
  const skipped = Object.keys(node).flatMap((field) => (NO_CODE.has(field) ? nodesIn(node, field) : []));
  for (const child of childrenOf(node)) if (!skipped.includes(child)) visit(child, found, inConstant);
}

function findConstant(node: Node, found: Findings, fixed: boolean): void {
  const text = found.textOf(node);
  const form = fixed ? "alone" : "constant";
  found.add("constant", form, node, `(${text} + 1)`);
  if (typeOf(node) !== "int_const 0") found.add("constant", form, node, `(${text} - 1)`);
}

function swapOperator(
  node: Node,
  left: string,
  right: string,
  found: Findings,
  form: "expression" | "statement" | "alone",
) {
  const operator = String(node["operator"]);
  const [kind, ...others] = SWAPS[operator] ?? [];
  const [first] = nodesIn(node, left);
  const [second] = nodesIn(node, right);
  if (kind === undefined || first === undefined || second === undefined) return;
  const [start, end] = form === "statement" ? withSemicolon(node, found) : rangeOf(node);
  const between = found.slice(rangeOf(first)[1], rangeOf(second)[0]);
  for (const other of others) {
    const head = found.slice(start, rangeOf(first)[1]);
    const tail = found.slice(rangeOf(second)[0], end);
    found.add(kind, form, [start, end], head + between.replace(operator, other) + tail);
  }
}

function findStatement(node: Node, found: Findings): void {
  const [inner] = nodesIn(node, "expression");
  if (inner === undefined) return;
  const name = nodesIn(inner, "expression")[0]?.["name"];
  const isCheck = inner.nodeType === "FunctionCall" && name === "require";
  found.add(isCheck ? "require" : "statement", "statement", withSemicolon(node, found), "");
  if (inner.nodeType === "Assignment") swapOperator(inner, "leftHandSide", "rightHandSide", found, "statement");
}

function withSemicolon(node: Node, found: Findings): readonly [number, number] {
  const [start, end] = rangeOf(node);
  return [start, found.slice(end, end + 1) === ";" ? end + 1 : end];
}
