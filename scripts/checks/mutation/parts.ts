import type { Suite } from "./project.js";
import type { Runner } from "./runner.js";

/** From how many milliseconds on a test is dear. */
const DEAR = 400;
/** Some seconds of the EVM, and several times what a test takes that is not dear. */
const QUICK_GAS = 2_000_000_000n;

/** Run every suite once over the contracts as they are and part it: the quick tests, then the dear ones. Throws where one fails. */
export async function partSuites(suites: readonly Suite[], runner: Runner): Promise<Suite[]> {
  const parts: Suite[] = [];
  for (const suite of suites) {
    const { failed, reason, millisOf } = await runner.run(suite, new Map(), 0, []);
    if (failed[0] !== undefined) throw new Error(`${suite.name}.${failed[0]} fails without a mutant: ${reason}`);
    // A campaign finds what nothing else does, and stands alone in its suite.
    const isDear = (test: string): boolean => (millisOf.get(test) ?? 0) > DEAR && !test.startsWith("invariant");
    const [quick, dear] = [suite.tests.filter((test) => !isDear(test)), suite.tests.filter(isDear)];
    if (quick.length > 0) parts.push({ ...suite, tests: quick, others: dear, gasLimit: QUICK_GAS });
    if (dear.length > 0) {
      parts.push({ ...suite, name: `${suite.name}, its dear tests`, tests: dear, others: quick, dear: true });
    }
  }
  return parts;
}
