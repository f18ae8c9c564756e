import type { SourceTexts } from "./compiler.js";
import { compile } from "./compiler.js";

/** A node of solc's syntax tree: of Solidity or, inside assembly, of Yul. */
export interface Node {
  readonly nodeType: string;
  /** `start:length:file`, in bytes of the source. */
  readonly src: string;
  readonly [field: string]: unknown;
}

/** Tell a node from the other values of a tree. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "nodeType" in value && "src" in value;
}

/** List the nodes directly under `node`, in the order of its fields. */
export function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode));
}

/** Return the nodes in `field`, be it one, a list or nothing. */
export function nodesIn(node: Node, field: string): Node[] {
  const value = node[field];
  return (Array.isArray(value) ? value : [value]).filter(isNode);
}

/** Return where `node` begins and ends, in bytes. */
export function rangeOf(node: Node): readonly [start: number, end: number] {
  const [start = 0, length = 0] = node.src.split(":").map(Number);
  return [start, start + length];
}

/** Name the type of an expression as solc does, empty for what has none. */
export function typeOf(node: Node): string {
  const described = node["typeDescriptions"] as { typeString?: string | null } | undefined;
  return described?.typeString ?? "";
}

/** Parse and check `sources`; the trees by file. Throws the compiler's first error. */
export function treesOf(sources: SourceTexts): ReadonlyMap<string, Node> {
  const { errors, trees } = compile(sources, { "*": { "": ["ast"] } });
  if (errors[0] !== undefined) throw new Error(errors[0].formattedMessage);
  return trees;
}

/** Name what `node` names, empty for what has no name. */
export function nameOf(node: Node | undefined): string {
  const name = node?.["name"];
  return typeof name === "string" ? name : "";
}
