import { once } from "node:events";
import { expect } from "chai";
import { createStatusCollector } from "@yellowstone-compute/sdk/status-page";
import { networkHelpers } from "../actions/fixture.js";
import { chainAtPoint } from "../provider/world.js";
import { busyPage } from "./world.js";

describe("status collector of an unsteady chain", () => {
  it("publishes nothing of a block that another took the place of meanwhile", async () => {
    const { d, attest } = await networkHelpers.loadFixture(busyPage);
    let meanwhile = (): Promise<void> => Promise.resolve();
    const compute = new Proxy(d.compute, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name !== "pauseState") return value;
        return async (...args: Parameters<typeof d.compute.pauseState>) => {
          const answer = await d.compute.pauseState(...args);
          await meanwhile();
          return answer;
        };
      },
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
    const provider = new Proxy(d.provider, {
      get(target, name): unknown {
        if (name !== "send" || !isGone) return Reflect.get(target, name);
        asked++;
        return () => Promise.reject(Object.assign(new Error("no such method"), { code: -32_601 }));
      },
    });
    const collector = createStatusCollector({ ...d, provider }, { pollMs: 10 });
    await collector.collect();
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
    const first = asked;
    await new Promise((resolve) => setTimeout(resolve, 500));
    // 10 ms, 20 ms, 40 ms, ...: the sixth look comes after 630 ms.
    expect(asked - first).to.be.within(first, 5 * first);
    isGone = false;
    await healed;
    end.abort();
    await running;
    expect(heard).to.deep.equal(["ChainRequestFailed", undefined]);
  });
});
