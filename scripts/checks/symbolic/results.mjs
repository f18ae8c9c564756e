// What halmos reports as JSON, judged.

const PASS = 0;
const COUNTEREXAMPLE = 1;
const NAMES = ["pass", "counterexample", "timeout", "stuck", "every path reverts", "exception"];

/**
 * @typedef {{verdict: "proved" | "refuted" | "open", seconds: string, why: string}} Result
 */

/**
 * Results by job and check, `JOB.check_Name`. Proved is what passed on every path with no loop cut short; what is neither that nor a
 * counterexample is open.
 * @param {{test_results?: Record<string, {name: string, exitcode: number, num_bounded_loops: number | null, time: number[] | null}[]>}} report
 * @returns {Map<string, Result>}
 */
export function judge(report) {
  const results = new Map();
  for (const [path, tests] of Object.entries(report.test_results ?? {})) {
    const job = path.split("/")[0];
    for (const { name, exitcode, num_bounded_loops: cut, time } of tests) {
      const proved = exitcode === PASS && cut === 0;
      results.set(`${job}.${name.split("(")[0]}`, {
        verdict: proved ? "proved" : exitcode === COUNTEREXAMPLE ? "refuted" : "open",
        seconds: time ? `${time[0].toFixed(1)} s` : "",
        why: cut ? `${cut} loops cut short` : (NAMES[exitcode] ?? `code ${exitcode}`),
      });
    }
  }
  return results;
}
