import { STATE_FIELDS, type GuardExpectation, type GuardScenario, type GuardState } from "../vectorsFile.js";
import { DeployedGuard } from "./guardContract.js";
import { GuardTwin } from "./guardTwin.js";
import { nameOf, type Side, type Tally } from "./tally.js";

/** What one side gives at once and the other after a while. */
type Soon<T> = T | Promise<T>;

/** A guarded reserve on one side. */
export interface GuardSide {
  readonly side: Side;
  arrive(amountWei: bigint): Soon<void>;
  warp(to: bigint): Soon<void>;
  /** Make the call. Gives the name of its refusal, or undefined when it succeeded. */
  intake(): Soon<string | undefined>;
  attest(creditedUMor: bigint): Soon<string | undefined>;
  /** The raw books: they change by calls alone. */
  state(): Soon<GuardState>;
  close(): Soon<void>;
}

const SIDES: readonly (readonly [Side, (scenario: GuardScenario) => Soon<GuardSide>])[] = [
  ["contract", DeployedGuard.open],
  ["sdk", GuardTwin.open],
];

/** Follow every scenario on a deployed compute contract and on the SDK's books; every call of a scenario counts. */
export async function tryGuard(scenarios: readonly GuardScenario[], tally: Tally): Promise<void> {
  for (const scenario of scenarios) {
    for (const [side, open] of SIDES) {
      await tryScenario(scenario, open, tally).catch((error: unknown) => {
        tally.record(side, scenario.name, nameOf(error));
      });
    }
  }
}

async function tryScenario(scenario: GuardScenario, open: (typeof SIDES)[number][1], tally: Tally): Promise<void> {
  const guard = await open(scenario);
  try {
    await follow(scenario, guard, tally);
  } finally {
    await guard.close();
  }
}

async function follow({ name, steps }: GuardScenario, guard: GuardSide, tally: Tally): Promise<void> {
  for (const [i, step] of steps.entries()) {
    if (step.op === "arrive") await guard.arrive(step.wei);
    else if (step.op === "warp") await guard.warp(step.to);
    else {
      const call = step.op === "intake" ? () => guard.intake() : () => guard.attest(step.uMor);
      const problem = await problemOf(guard, call, step.expect).catch(nameOf);
      tally.record(guard.side, `${name}, step ${i} ${step.op}`, problem);
    }
  }
}

/** A call that succeeds leaves the expected books, one that is refused leaves them as they were. */
async function problemOf(
  guard: GuardSide,
  call: () => Soon<string | undefined>,
  expected: GuardExpectation,
): Promise<string | undefined> {
  const before = await guard.state();
  const refusal = await call();
  if (expected.ok && refusal !== undefined) return `was refused: ${refusal}`;
  if (!expected.ok && refusal === undefined) return "was accepted";
  const wanted = expected.ok ? expected.state : before;
  const actual = await guard.state();
  const wrong = STATE_FIELDS.filter((field) => actual[field] !== wanted[field]);
  if (wrong.length === 0) return undefined;
  return wrong.map((field) => `${field} is ${actual[field]}, expected ${wanted[field]}`).join("; ");
}
