import { expect } from "chai";
import { DEFECTS } from "./defects.js";
import { runReplay } from "./drive/replay.js";
import { runSession } from "./drive/session.js";

// SPEC S8; `npm run differential` does as many steps as are wanted.
describe("the whole system against its model", () => {
  it("2,000 steps: status, errors, events, returns and figures are the model's", async () => {
    const { steps, figures, failure } = await runSession({ seed: 2n, steps: 2_000, worldSteps: 500 });
    expect(failure, failure && `${failure.what}: ${failure.expected} is ${failure.actual}`).to.equal(undefined);
    expect(steps, "steps").to.equal(2_000);
    expect(figures, "figures compared").to.be.greaterThan(50_000);
  });

  it("100 steps have equal receipts and figures on a second EVM", async () => {
    const { differences, compared } = await runReplay(3n, 100, () => undefined);
    expect(differences, "differences").to.deep.equal([]);
    expect(compared, "compared").to.be.greaterThan(1_000);
  });
});

describe("the comparison finds planted defects", () => {
  for (const { name, plant, seed = 5n } of DEFECTS) {
    it(name, async function () {
      const { failure, steps } = await runSession({ seed, steps: 8_000, worldSteps: 800, plant });
      expect(failure, "a difference").to.not.equal(undefined);
      this.test!.title += `: after ${steps} steps, ${failure!.what}`;
    });
  }
});
