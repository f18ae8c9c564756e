import type { Code, SourceTexts } from "./compiler.js";
import { compileCode } from "./compiler.js";
import type { Mutant } from "./mutant.js";
import type { Project, Suite } from "./project.js";
import { roomOf } from "./project.js";
import type { Status } from "./results.js";
import type { Runner } from "./runner.js";
import { apply, putAsleep, takeBatch } from "./sleepers.js";

/** What a mutant's trial ended with. */
export interface Outcome {
  readonly status: Status;
  readonly by?: string;
}

type Codes = ReadonlyMap<string, Code>;

/** How many mutants sleep in one compilation. */
const BATCH = 60;

/** Tries mutants, many from one compilation. */
export class Trial {
  readonly #originals = new Map<string, Code>();
  /** Times of the suites, for the cheapest first. */
  readonly #millis = new Map<string, number>();
  readonly #kills = new Map<string, number>();

  /**
   * `suites` are those that are run, in the order of what they cost. What lives through a `quick` trial is not compiled as written
   * to see whether it is another code at all.
   */
  constructor(
    readonly project: Project,
    readonly suites: readonly Suite[],
    readonly quick: boolean,
    readonly sources: SourceTexts,
    readonly runner: Runner,
    readonly log: (line: string) => void,
  ) {}

  /** Try all `mutants` and report each as soon as it is known. */
  async run(
    mutants: readonly Mutant[],
    report: (mutant: Mutant, outcome: Outcome, millis: number) => void,
  ): Promise<void> {
    let waiting = [...mutants];
    const alone: Mutant[] = waiting.filter(({ form }) => form === "alone");
    waiting = waiting.filter(({ form }) => form !== "alone");
    let most = BATCH;
    while (waiting.length > 0) {
      const begun = performance.now();
      const wanted = takeBatch(waiting, most);
      const { batch, codes, refused } = this.#compileBatch(wanted);
      // Those behind are of the same functions: no more of them at a time than the compiler has just taken.
      most = batch.length + refused.length < wanted.length ? Math.max(batch.length, 1) : Math.min(2 * most, BATCH);
      alone.push(...refused);
      const done = new Set([...batch, ...refused]);
      waiting = waiting.filter((mutant) => !done.has(mutant));
      this.log(
        `${batch.length} mutants compiled in ${((performance.now() - begun) / 1000).toFixed(0)} s, ${refused.length} to be compiled alone`,
      );
      const share = (performance.now() - begun) / batch.length;
      const asleep = new Map<string, readonly string[]>();
      for (const [i, mutant] of batch.entries()) {
        const since = performance.now();
        let outcome = await this.#kill(mutant, codes, i + 1, asleep);
        if (outcome.status === "survived" && !this.quick) {
          const { status, codes: own } = this.#compileAlone(mutant);
          const left = (suite: Suite): boolean => (asleep.get(suite.name)?.length ?? 0) > 0;
          outcome = status === "equivalent" ? { status } : await this.#kill(mutant, own, 0, undefined, left);
        }
        report(mutant, outcome, share + performance.now() - since);
      }
    }
    for (const mutant of alone) {
      const since = performance.now();
      const { status, codes } = this.#compileAlone(mutant);
      const outcome = status === "survived" ? await this.#kill(mutant, codes, 0, undefined) : { status };
      report(mutant, outcome, performance.now() - since);
    }
  }

  /** Targets that are made of any of `files`. */
  #targetsOf(files: readonly string[]): string[] {
    const made = [...this.project.targets].filter(([, parts]) => files.some((file) => parts.has(file)));
    return made.map(([target]) => target);
  }

  /** Compile a batch without those whom the compiler refuses beside others; where it does not say whom, without half of them. */
  #compileBatch(wanted: readonly Mutant[]): { batch: Mutant[]; codes: Codes; refused: Mutant[] } {
    let batch = [...wanted];
    const refused: Mutant[] = [];
    for (;;) {
      const { sources, blame } = putAsleep(this.sources, batch);
      const { errors, codes } = compileCode(sources, this.#targetsOf(batch.map(({ file }) => file)));
      if (errors.length === 0) return { batch, codes, refused };
      const blamed = new Set(errors.flatMap((error) => blame(error) ?? []));
      if (blamed.size > 0 || batch.length === 1) refused.push(...(blamed.size > 0 ? blamed : batch));
      batch = blamed.size > 0 ? batch.filter((mutant) => !blamed.has(mutant)) : batch.slice(0, batch.length >> 1);
      // An error without a place is of the code generator, which has too many variables in one function.
      if (blamed.size === 0) this.log(`halved: ${errors[0]?.message.slice(0, 100) ?? ""}`);
      if (batch.length === 0) return { batch, codes: new Map(), refused };
    }
  }

  /** Compile a mutant as it is written: invalid, the same code as the original, or to be tested. */
  #compileAlone(mutant: Mutant): { status: Status; codes: Codes } {
    const targets = this.#targetsOf([mutant.file]);
    const unknown = targets.filter((target) => !this.#originals.has(target));
    if (unknown.length > 0) {
      for (const [name, code] of compileCode(this.sources, unknown).codes) this.#originals.set(name, code);
    }
    const { errors, codes } = compileCode(apply(this.sources, mutant), targets);
    if (errors.length > 0) return { status: "invalid", codes };
    const same = targets.every((target) => codes.get(target)?.bytecode === this.#originals.get(target)?.bytecode);
    return { status: same ? "equivalent" : "survived", codes };
  }

  /** Run the suites that can notice `mutant` until one fails which holds while all sleep. */
  async #kill(
    mutant: Mutant,
    codes: Codes,
    awake: number,
    asleep: Map<string, readonly string[]> | undefined,
    wanted: (suite: Suite) => boolean = () => true,
  ): Promise<Outcome> {
    for (const suite of this.#suitesFor(mutant).filter(wanted)) {
      const except = asleep?.get(suite.name);
      const { failed, reason, millis } = await this.runner.run(suite, codes, awake, except ?? []);
      if (failed.length === 0) this.#millis.set(suite.name, millis);
      let own = failed;
      if (failed.length > 0 && asleep !== undefined && except === undefined) {
        const before = (await this.runner.run(suite, codes, 0, [])).failed;
        asleep.set(suite.name, before);
        if (before.length > 0) this.log(`${suite.name} is without ${before.join(", ")}: they fail beside sleepers`);
        own = failed.filter((test) => !before.includes(test));
      }
      if (own.length === 0) continue;
      const key = `${suite.name} ${mutant.file}`;
      this.#kills.set(key, (this.#kills.get(key) ?? 0) + 1);
      return {
        status: "killed",
        by: `${suite.artifact.id.name}.${own[0] ?? ""}: ${reason.split("\n")[0] ?? ""}`.slice(0, 160),
      };
    }
    return { status: "survived" };
  }

  /** Those first that killed in this file for little time; then those of the same room; the dear ones last. */
  #suitesFor({ file }: Mutant): Suite[] {
    const cost = (suite: Suite): number => {
      const near = roomOf(suite.file) === roomOf(file) ? 0.3 : 1;
      return ((this.#millis.get(suite.name) ?? 1500) * near) / (1 + (this.#kills.get(`${suite.name} ${file}`) ?? 0));
    };
    return this.suites.filter(({ reaches }) => reaches.has(file)).sort((a, b) => cost(a) - cost(b));
  }
}
