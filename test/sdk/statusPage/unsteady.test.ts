import { once } from "node:events";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { createStatusCollector } from "@yellowstone-compute/sdk/status-page";
import { networkHelpers } from "../actions/fixture.js";
import { chainAtPoint } from "../provider/world.js";
import { busyPage } from "./world.js";

type Compute = sdk.Deployment["compute"];
type ReadPause = (...args: Parameters<Compute["pauseState"]>) => ReturnType<Compute["pauseState"]>;

/** A contract whose pause is read in another way. */
function withPause(compute: Compute, pauseState: ReadPause): Compute {
  return new Proxy(compute, {
    get: (target, name): unknown => (name === "pauseState" ? pauseState : Reflect.get(target, name)),
  });
}

describe("status collector of an unsteady chain", () => {
  it("publishes nothing of a block that another took the place of meanwhile", async () => {
    const { d, attest } = await networkHelpers.loadFixture(busyPage);
    let meanwhile = (): Promise<void> => Promise.resolve();
    const compute = withPause(d.compute, async (...args) => {
      const answer = await d.compute.pauseState(...args);
      await meanwhile();
      return answer;
    });
    const collector = createStatusCollector({ ...d, compute });
    await collector.collect();
    const before = collector.current();
    const goBack = await chainAtPoint();
    await attest([[5, 9n]]);
    meanwhile = async () => {
      meanwhile = () => Promise.resolve();
      await goBack();
      await networkHelpers.mine(3, { interval: 7 });
    };
    await collector.collect();
    expect(collector.current(), "the last figures stay").to.equal(before);
    expect(collector.trouble()).to.equal(undefined);
    await collector.collect();
    expect(collector.current()?.block.blockNumber).to.equal(before!.block.blockNumber + 3);
    expect(collector.current()?.state.head.lastSeq, "the attestation is not on the chain any more").to.equal(4n);
  });

  it("asks again less and less often, tells a trouble once, and heals", async () => {
    const { d } = await networkHelpers.loadFixture(busyPage);
    let isGone = false;
    let asked = 0;
    const compute = withPause(d.compute, (...args) => {
      if (!isGone) return d.compute.pauseState(...args);
      asked++;
      return Promise.reject(new sdk.ContractReverted("not today"));
    });
    const collector = createStatusCollector({ ...d, compute }, { pollMs: 10 });
    await collector.collect();
    await networkHelpers.mine();
    const heard: (string | undefined)[] = [];
    const told = new EventTarget();
    collector.subscribe(({ trouble }) => {
      heard.push(trouble?.code);
      told.dispatchEvent(new Event(trouble === undefined ? "healed" : "troubled"));
    });
    const [troubled, healed] = [once(told, "troubled"), once(told, "healed")];
    isGone = true;
    const end = new AbortController();
    const running = collector.run(end.signal);
    await troubled;
    await new Promise((resolve) => setTimeout(resolve, 500));
    // After 20 ms, 40 ms, 80 ms and so on: the sixth look comes after 620 ms.
    expect(asked).to.be.within(2, 5);
    isGone = false;
    await healed;
    end.abort();
    await running;
    expect(heard).to.deep.equal(["ContractReverted", undefined]);
  });
});
