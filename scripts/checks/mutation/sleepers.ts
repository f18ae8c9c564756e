import { AWAKE_FILE, AWAKE_SOURCE, awakeImport } from "../awake.js";
import type { CompilerError, SourceTexts } from "./compiler.js";
import type { Mutant } from "./mutant.js";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly mutant?: Mutant;
}

/** Sources with mutants asleep in them, and whom an error of the compiler is about. */
export interface Sleepers {
  readonly sources: SourceTexts;
  readonly blame: (error: CompilerError) => Mutant | undefined;
}

/** Put `mutants` into `sources`, the nth (from 1) to be woken by number n. Their places must not overlap. */
export function putAsleep(sources: SourceTexts, mutants: readonly Mutant[]): Sleepers {
  const changed: Record<string, string> = { ...sources, [AWAKE_FILE]: AWAKE_SOURCE };
  const places: { file: string; start: number; end: number; mutant: Mutant }[] = [];
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    const own = mutants.filter((mutant) => mutant.file === file);
    const edits = own.flatMap((mutant) => editsOf(mutant, mutants.indexOf(mutant) + 1));
    const text = Buffer.from(sources[file] ?? "");
    const pragma = text.indexOf("\n", text.indexOf("\npragma ") + 1);
    edits.push({ start: pragma, end: pragma, text: `\n${awakeImport(file)}` });
    edits.sort((a, b) => a.start - b.start);
    let result = Buffer.alloc(0);
    let done = 0;
    for (const { start, end, text: inserted, mutant } of edits) {
      const at = result.length + start - done;
      result = Buffer.concat([result, text.subarray(done, start), Buffer.from(inserted)]);
      done = end;
      if (mutant !== undefined) places.push({ file, start: at, end: result.length, mutant });
    }
    changed[file] = Buffer.concat([result, text.subarray(done)]).toString();
  }
  const blame = ({ sourceLocation: at }: CompilerError): Mutant | undefined => {
    if (at === undefined) return undefined;
    const hit = places.filter(({ file, start, end }) => file === at.file && start < at.end && at.start < end);
    return hit.sort((a, b) => a.end - a.start - (b.end - b.start))[0]?.mutant;
  };
  return { sources: changed, blame };
}

/** Put one mutant into `sources`, awake, as a person would write it. */
export function apply(sources: SourceTexts, { file, start, end, after, form }: Mutant): SourceTexts {
  const text = Buffer.from(sources[file] ?? "");
  // Not nothing in place of a statement: the next one would become the body of an `if` before it.
  const put = form === "statement" && after === "" ? "{}" : after;
  const parts = [text.subarray(0, start), Buffer.from(put), text.subarray(end)];
  return { ...sources, [file]: Buffer.concat(parts).toString() };
}

function editsOf(mutant: Mutant, n: number): Edit[] {
  const { start, end, before, after, form, assemblyStart } = mutant;
  const edit = (text: string): Edit => ({ start, end, text, mutant });
  switch (form) {
    case "expression":
      return [edit(`(awake(${n}) ? ${after} : ${before})`)];
    case "constant":
      return [edit(`(awake(${n}) ? uint256(${after}) : uint256(${before}))`)];
    case "statement":
      return [edit(`{ if (awake(${n})) { ${after} } else { ${before} } }`)];
    case "yulExpression":
    case "yulStatement": {
      const at = assemblyStart ?? start;
      const name = `awake_${n}`;
      const chosen =
        form === "yulStatement"
          ? `if iszero(${name}) { ${before} }`
          : `xor(${before}, mul(xor(${before}, ${after}), ${name}))`;
      return [{ start: at, end: at, text: `bool ${name} = awake(${n}); ` }, edit(chosen)];
    }
    case "alone":
      throw new Error(`${mutant.id} cannot sleep`);
  }
}

/** Choose from `mutants`, in order, what may sleep together: no more than `most`, no two places that overlap. */
export function takeBatch(mutants: readonly Mutant[], most: number): Mutant[] {
  const batch: Mutant[] = [];
  for (const mutant of mutants) {
    if (batch.length === most) break;
    const free = batch.every(
      ({ file, start, end }) => file !== mutant.file || mutant.end <= start || end <= mutant.start,
    );
    if (free && mutant.form !== "alone") batch.push(mutant);
  }
  return batch;
}
