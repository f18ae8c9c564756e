import { createQualityGate } from "@yellowstone-compute/sdk";
import { createRandom } from "../replay/input/random.js";
import { percent, type AttackTable } from "./table.js";

/** Honest answers: 500 T, 30 ms a T and up to a tenth more or less. */
const TOKENS = 500n;
const HONEST_MS = 30;
const SPREAD_MS = 3_000;
const JOBS = 5_000;
const SEED = 9;
/** Samples of one user among the 50 of a gate, as routers have it by default. */
const PER_USER_CAP = 10;

/** How an attacker feeds a gate: in how many of a hundred reports, from how many users, and what it claims. */
export interface Feeding {
  readonly percentOfReports: number;
  readonly users: number;
  /** Its own providers' time a T, as reported, in ms. */
  readonly msPerToken: number;
}

/** What was credited: of the honest reports, and of a provider that takes 45 ms a T, in jobs of so many. */
export interface Fed {
  readonly honest: readonly [served: number, of: number];
  readonly slow: readonly [served: number, of: number];
}

/** Feed a gate, and see who is still credited. Every tenth honest user meets the slow provider. */
export function feedGate({ percentOfReports, users, msPerToken }: Feeding): Fed {
  const gate = createQualityGate({ perUserCap: PER_USER_CAP });
  const random = createRandom(SEED, percentOfReports * 1_000 + users);
  const [honest, slow]: [number, number][] = [
    [0, 0],
    [0, 0],
  ];
  for (let job = 0; job < JOBS; job++) {
    if (random.below(100) < percentOfReports) {
      const latencyMs = BigInt(msPerToken) * TOKENS;
      gate.judge({ tokens: TOKENS, latencyMs, passed: true, user: `attacker ${random.below(users)}` });
      continue;
    }
    const isSlow = random.below(10) === 0;
    const ms = (isSlow ? 45 : HONEST_MS) * Number(TOKENS) - SPREAD_MS / 2 + random.below(SPREAD_MS);
    const outcome = gate.judge({
      tokens: TOKENS,
      latencyMs: BigInt(ms),
      passed: true,
      user: `user ${random.below(500)}`,
    });
    const tally = isSlow ? slow : honest;
    tally![1] += 1;
    if (outcome === "served") tally![0] += 1;
  }
  return { honest: honest!, slow: slow! };
}

/** The table of fed gates. */
export function gateFeeding(): AttackTable {
  const cases: readonly (readonly [string, number])[] = [
    ["1 ms a T, to make others too slow", 1],
    ["90 ms a T, to let slow ones pass", 90],
  ];
  const rows = cases.flatMap(([name, msPerToken]) =>
    [0, 10, 30, 50].flatMap((percentOfReports) => {
      const [one, many] = [1, 1_000].map((users) => feedGate({ percentOfReports, users, msPerToken }));
      const cells = [one, many].flatMap((fed) =>
        [fed!.honest, fed!.slow].map(([served, of]) => percent(BigInt(served), BigInt(of))),
      );
      return [[name, `${percentOfReports} %`, ...cells]];
    }),
  );
  return {
    title: "Feeding the quality gate",
    about: `Honest answers take 30 ms a T and up to a tenth more or less; every tenth comes from a provider that takes 45, which the gate should keep out. An attacker reports invented times: at most ${PER_USER_CAP} of the gate's 50 samples are one user's, and each counts at most three times the mean. **The gate is not robust against invented reports:** with a fifth of the samples one user makes four of ten honest answers too slow, and a tenth of slow reports lets half of the slow provider's pass; with many addresses the cap does not help. Every report is paid for out of the attacker's share of the day, and canaries and reviews are the answer, not the gate.`,
    columns: [
      "reported",
      "of all reports",
      "honest credited, one user",
      "slow credited, one user",
      "honest, 1,000 users",
      "slow, 1,000 users",
    ],
    rows,
  };
}
