import { expect } from "chai";
import { ContractFactory, type InterfaceAbi } from "ethers";
import { network } from "hardhat";
import { allowance, book, budget, drawnToday, openBooks, reserve, rollDay } from "../../sdk/src/reserve/books.js";
import type { Books } from "../../sdk/src/reserve/books.js";
import { ReserveAllowanceExceeded } from "../../sdk/src/errors/contract/reserve.js";
import { WEI_PER_UMOR } from "../../sdk/src/units/constants.js";
import {
  readVectorsFile,
  STATE_FIELDS,
  type GuardScenario,
  type GuardState,
} from "../../scripts/checks/vectorsFile.js";
import { testArtifact } from "../utils/testArtifact.js";

const DAY = 86_400n;

describe("Reserve and its guard: reference scenarios", () => {
  const file = readVectorsFile("test/vectors/guard.json");
  if (file.kind !== "guard") throw new Error("guard.json holds no scenarios");
  for (const scenario of file.scenarios) {
    it(`contract: ${scenario.name}`, () => replayOnChain(scenario));
    it(`twin: ${scenario.name}`, () => replayOnTwin(scenario));
  }
});

/** Deploy the reserve at the scenario's moment and follow its steps, each in a block of its own at the moment in force. */
async function replayOnChain(scenario: GuardScenario): Promise<void> {
  const { ethers, networkHelpers } = await network.create({
    network: "l1",
    override: { initialDate: new Date(Number(scenario.startAt - DAY) * 1000) },
  });
  const token = await ethers.deployContract("TestMor");
  const { initialWei, decreaseWei, startAt } = scenario;
  const schedule = await ethers.deployContract("LinearDecreaseSchedule", [initialWei, decreaseWei, startAt, DAY]);
  let now = scenario.deployedAt;
  await networkHelpers.time.setNextBlockTimestamp(now);
  const [deployer] = await ethers.getSigners();
  const harness = await testArtifact("test/mocks/ReserveHarness.sol", "ReserveHarness");
  const reserve = await new ContractFactory([...harness.abi] as InterfaceAbi, harness.bytecode, deployer).deploy(
    token,
    schedule,
  );
  const send = (verb: string, ...args: bigint[]) => reserve.getFunction(verb).send(...args);
  const read = async (field: keyof GuardState) => (await reserve.getFunction(field).staticCall()) as bigint;
  const step = async (): Promise<void> => networkHelpers.time.setNextBlockTimestamp(now);

  for (const [i, s] of scenario.steps.entries()) {
    const label = `step ${i} ${s.op}`;
    if (s.op === "warp") {
      now = s.to;
    } else if (s.op === "arrive") {
      await step();
      await token.getFunction("mint").send(reserve, s.wei);
    } else {
      await step();
      const call = s.op === "intake" ? send("intake") : send("attest", s.uMor);
      if (!s.expect.ok) {
        await expect(call, label).to.be.revertedWithCustomError(reserve, "ReserveAllowanceExceeded");
        continue;
      }
      await (await call).wait();
      const state = Object.fromEntries(await Promise.all(STATE_FIELDS.map(async (f) => [f, await read(f)] as const)));
      expect(state, label).to.deep.equal(s.expect.state);
    }
  }
}

/** Follow the scenario's steps on the SDK's books alone. */
function replayOnTwin(scenario: GuardScenario): void {
  const scheduled = (day: bigint): bigint => {
    const left = scenario.initialWei - day * scenario.decreaseWei;
    return left > 0n ? left : 0n;
  };
  const dayAt = (t: bigint): bigint => (t - scenario.startAt) / DAY;
  let now = scenario.deployedAt;
  let arrivedWei = 0n;
  let books = openBooks(dayAt(now), scheduled(dayAt(now)));

  for (const [i, s] of scenario.steps.entries()) {
    if (s.op === "warp") now = s.to;
    else if (s.op === "arrive") arrivedWei += s.wei;
    else {
      const rolled = rollDay(books, dayAt(now), scheduled(dayAt(now)));
      const needsArrivals = s.op === "intake" || s.uMor * WEI_PER_UMOR > allowance(rolled);
      const booked = needsArrivals ? book(rolled, arrivedWei) : rolled;
      const act = (): Books => (s.op === "intake" ? booked : reserve(booked, s.uMor));
      if (!s.expect.ok) {
        expect(act, `step ${i}`).to.throw(ReserveAllowanceExceeded);
        continue;
      }
      books = act();
      if (needsArrivals) arrivedWei = 0n;
      expect(stateOf(books), `step ${i} ${s.op}`).to.deep.equal(s.expect.state);
    }
  }
}

function stateOf(books: Books): GuardState {
  const { day, unusedWei, freshWei, owedWei, openingWei } = books;
  const figures = { drawnTodayWei: drawnToday(books), budgetWei: budget(books), allowanceWei: allowance(books) };
  return { day, unusedWei, freshWei, owedWei, openingWei, ...figures };
}
