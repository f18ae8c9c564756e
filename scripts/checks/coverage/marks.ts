import { posix } from "node:path";
import type { SourceTexts } from "../mutation/compiler.js";

/** What a mark tells once it is reached; `error` that a custom error was thrown. */
export type MarkKind = "line" | "function" | "branch" | "error";

/** A place of a contract that reports when it is reached, by its number: its place in the list of all marks. */
export interface Mark {
  readonly kind: MarkKind;
  readonly file: string;
  readonly line: number;
  /** What is missing if it is never reached; of an error its name. */
  readonly what: string;
}

/** Where the EVM listens: a static call to this account with a number reports it. */
const LISTENER = "0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE";
const LIBRARY = "contracts/types/CoverageMark.sol";
const LIBRARY_TEXT = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

function coverageMark(uint256 n) view {
    assembly ("memory-safe") {
        mstore(0x00, n)
        pop(staticcall(gas(), ${LISTENER}, 0x00, 0x20, 0x00, 0x00))
    }
}

function coverageWay(bool holds, uint256 n) view returns (bool) {
    coverageMark(holds ? n : n + 1);
    return holds;
}

function coverageFalse(bool holds, uint256 n) view returns (bool) {
    if (!holds) coverageMark(n);
    return holds;
}

function coverageSeen(uint256 seen, uint256 first) view {
    for (; seen != 0; seen >>= 1) {
        if (seen & 1 != 0) coverageMark(first);
        ++first;
    }
}
`;

/**
 * Return Yul that reports what is noted in the variable `seen`, from number `first` on, and leaves memory as it was. Behind it,
 * `coverage_size` is what `returndatasize()` was.
 */
export function yulReport(seen: string, first: number): string {
  return `let coverage_size := returndatasize() let coverage_word := mload(0x00)
    for { let coverage_n := ${first} } ${seen} { coverage_n := add(coverage_n, 1) ${seen} := shr(1, ${seen}) } {
      if and(${seen}, 1) {
        mstore(0x00, coverage_n)
        pop(staticcall(gas(), ${LISTENER}, 0x00, 0x20, 0x00, 0x00))
      }
    }
    mstore(0x00, coverage_word) `;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Closes what an edit before it opened: comes first where both are at one place. */
  readonly closes: boolean;
}

/** The edits of one file. */
export class Edits {
  readonly #edits: Edit[] = [];

  /** Put `text` in place of the bytes from `start` to `end`. */
  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text, closes: false });
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  /** Put `open` and `close` around the bytes from `start` to `end`, inside what was put around them before. */
  wrap(start: number, end: number, open: string, close: string): void {
    this.insert(start, open);
    this.#edits.push({ start: end, end, text: close, closes: true });
  }

  /** Return `source` with all edits made. */
  applyTo(source: string): string {
    const bytes = Buffer.from(source);
    const order = this.#edits.map((edit, i) => ({ ...edit, i }));
    // At one place: closing ones inside out, then the others in the order in which they came.
    order.sort(
      (a, b) =>
        a.start - b.start || Number(b.closes) - Number(a.closes) || (a.closes && b.closes ? b.i - a.i : a.i - b.i),
    );
    const parts: Buffer[] = [];
    let done = 0;
    for (const { start, end, text } of order) {
      parts.push(bytes.subarray(done, start), Buffer.from(text));
      done = end;
    }
    return Buffer.concat([...parts, bytes.subarray(done)]).toString();
  }
}

/** Add the marks' library to `sources`, its import to `marked` files, and let what was pure read: a mark is a static call. */
export function withLibrary(sources: SourceTexts, marked: ReadonlyMap<string, string>): SourceTexts {
  const all: Record<string, string> = { ...sources, [LIBRARY]: LIBRARY_TEXT };
  for (const [file, text] of Object.entries(sources)) {
    if (!/^(contracts|test)\//.test(file)) continue;
    all[file] = (marked.get(file) ?? text).replace(/\bpure\b/g, "view");
  }
  for (const file of marked.keys()) {
    const path = posix.relative(posix.dirname(file), LIBRARY);
    const line = `import {coverageMark, coverageWay, coverageFalse, coverageSeen} from "${path.startsWith(".") ? path : `./${path}`}";`;
    all[file] = all[file]?.replace(/^pragma .*$/m, (pragma) => `${pragma}\n${line}`) ?? "";
  }
  return all;
}
