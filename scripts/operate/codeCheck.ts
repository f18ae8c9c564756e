import { readFileSync } from "node:fs";
import { join } from "node:path";
import hre from "hardhat";
import { ArtifactUnusable } from "./errors.js";

/** A place in deployed code that a constructor fills in. */
export interface Immutable {
  readonly name: string;
  /** First bytes of the places where it stands, 32 bytes each. */
  readonly starts: readonly number[];
}

/** What the code of a contract is to be. */
export interface ExpectedCode {
  readonly bytes: Uint8Array;
  readonly immutables: readonly Immutable[];
}

/** What an immutable is to be, and who says so; undefined where nobody answers. */
export interface ExpectedValue {
  readonly value: bigint | undefined;
  readonly source: string;
}

interface AstNode {
  readonly id?: number;
  readonly name?: string;
  readonly nodeType?: string;
}

const WORD = 32;

/** Read what the code of a contract is to be from its artefact. @throws ArtifactUnusable */
export async function expectedCode(contract: string): Promise<ExpectedCode> {
  const artifact = await hre.artifacts.readArtifact(contract);
  const { deployedBytecode, immutableReferences = {}, buildInfoId } = artifact;
  if (!/^0x([0-9a-f]{2})+$/.test(deployedBytecode)) throw new ArtifactUnusable(contract, "its code is not linked");
  const names = namesOf(contract, Object.keys(immutableReferences).map(Number), buildInfoId ?? "");
  const immutables = Object.entries(immutableReferences).map(([id, places]) => ({
    name: names.get(Number(id)) ?? id,
    starts: places.map(({ start }) => start),
  }));
  return { bytes: Buffer.from(deployedBytecode.slice(2), "hex"), immutables };
}

/**
 * Compare code with what it is to be: byte by byte where no immutable stands, then each immutable in every place.
 * @returns what differs first, in words; undefined when nothing does
 */
export function differenceOf(
  code: Uint8Array,
  expected: ExpectedCode,
  values: ReadonlyMap<string, ExpectedValue>,
): string | undefined {
  if (code.length === 0) return "there is no code";
  const { bytes, immutables } = expected;
  const masked = new Set(immutables.flatMap(({ starts }) => starts.flatMap((start) => wordFrom(start))));
  for (let i = 0; i < Math.max(code.length, bytes.length); i++) {
    if (masked.has(i) || code[i] === bytes[i]) continue;
    return `byte ${i} is ${hexOf(code[i])}, the artefact has ${hexOf(bytes[i])}`;
  }
  for (const { name, starts } of immutables) {
    const wanted = values.get(name);
    if (wanted === undefined) return `immutable ${name}: nothing says what it is to be`;
    if (wanted.value === undefined) return `immutable ${name}: ${wanted.source} does not answer`;
    const word = wordOf(wanted.value);
    for (const start of starts) {
      const at = wordFrom(start).find((i) => code[i] !== word[i - start]);
      if (at === undefined) continue;
      const found = BigInt(`0x${Buffer.from(code.subarray(start, start + WORD)).toString("hex")}`);
      const says = `${wanted.source} says ${textOf(wanted.value)}`;
      return `immutable ${name} is ${textOf(found)}, ${says}; byte ${at} is ${hexOf(code[at])}, not ${hexOf(word[at - start])}`;
    }
  }
  return undefined;
}

/** Names of variables by their place in the syntax tree that the compiler wrote beside the code. */
function namesOf(contract: string, ids: readonly number[], buildInfoId: string): Map<number, string> {
  const names = new Map<number, string>();
  if (ids.length === 0) return names;
  const wanted = new Set(ids);
  const sources = syntaxOf(contract, buildInfoId);
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { id, name, nodeType } = node as AstNode;
    if (nodeType === "VariableDeclaration" && id !== undefined && wanted.has(id)) names.set(id, name ?? "");
    // A contract's variables stand in its nodes; bodies of functions have no immutables.
    for (const child of (node as { nodes?: readonly unknown[] }).nodes ?? []) visit(child);
  };
  for (const { ast } of sources) visit(ast);
  if (names.size < wanted.size)
    throw new ArtifactUnusable(contract, "the compiler's syntax tree does not name its immutables");
  return names;
}

const outputs = new Map<string, readonly { readonly ast: unknown }[]>();

function syntaxOf(contract: string, buildInfoId: string): readonly { readonly ast: unknown }[] {
  const known = outputs.get(buildInfoId);
  if (known !== undefined) return known;
  const file = join(hre.config.paths.artifacts, "build-info", `${buildInfoId}.output.json`);
  try {
    const { output } = JSON.parse(readFileSync(file, "utf8")) as {
      output: { sources: Record<string, { ast: unknown }> };
    };
    const sources = Object.values(output.sources);
    outputs.set(buildInfoId, sources);
    return sources;
  } catch {
    throw new ArtifactUnusable(contract, "the compiler's output is not there");
  }
}

function wordFrom(start: number): number[] {
  return Array.from({ length: WORD }, (_, i) => start + i);
}

function wordOf(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(2 * WORD, "0"), "hex");
}

function hexOf(byte: number | undefined): string {
  return byte === undefined ? "missing" : `0x${byte.toString(16).padStart(2, "0")}`;
}

/** Short numbers as people write them, addresses and hashes as hex. */
function textOf(value: bigint): string {
  return value < 10n ** 27n ? value.toString() : `0x${value.toString(16).padStart(value < 2n ** 160n ? 40 : 64, "0")}`;
}
