interface Test {
  name: string;
  exitcode: number;
  num_bounded_loops: number | null;
  time: number[] | null;
}
interface Result {
  verdict: "proved" | "refuted" | "open";
  seconds: string;
  why: string;
}
export function judge(report: { test_results?: Record<string, Test[]> }): Map<string, Result>;
