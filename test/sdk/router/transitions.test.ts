import { expect } from "chai";
import { AccessUnknown, VetoUnknown } from "@yellowstone-compute/sdk/errors";
import { hashMessage } from "@yellowstone-compute/sdk/messages";
import { createRouterState, type RouterEvent, type RouterState } from "@yellowstone-compute/sdk/router";
import { ZERO_HASH, blockAt, hash32, providerId, unixMillis, wei } from "@yellowstone-compute/sdk/units";
import { applyInput } from "../../../sdk/dist/router/apply.js";
import { closeOpenBlocks, revertAccepted } from "../../../sdk/dist/router/crediting.js";
import { reject } from "../../../sdk/dist/router/matching.js";
import { observe } from "../../../sdk/dist/router/observe.js";
import { momentAt } from "../../../sdk/dist/router/state.js";
import { EMISSION_START, MOR, NOON_MS, bid, domain, policyOf, rfc, routerKey } from "./world.js";

const HEIGHT = blockAt(NOON_MS / 1_000n, EMISSION_START);
const OTHER = hash32(`0x${"77".repeat(32)}`);
const atMs = unixMillis(NOON_MS);
const self = { router: routerKey.address, routers: [routerKey.address], domain, policy: policyOf() };
const report = { reportHash: OTHER, providerId: providerId(3), creditWei: wei(10n ** 12n) };

describe("router, its transitions", () => {
  let state: RouterState;
  beforeEach(() => {
    state = createRouterState(self.policy, EMISSION_START);
  });

  it("write blocks by height, in whatever order their reports came", () => {
    for (const height of [HEIGHT + 2n, HEIGHT, HEIGHT + 1n]) state.open.set(height, [report]);
    const blocks = closeOpenBlocks(state, self, momentAt(NOON_MS + 48_000n, EMISSION_START));
    expect(blocks.map(({ value }) => value.height - HEIGHT)).to.deep.equal([0n, 1n, 2n, 3n]);
    for (const [i, { value }] of blocks.entries()) {
      expect(value.previousHash).to.equal(blocks[i - 1]?.hash ?? ZERO_HASH);
    }
  });

  it("match nobody on a day whose figures are not known", async () => {
    const offer = await bid(0, 1n);
    applyInput(state, self, { kind: "bid", atMs, signed: offer, hash: hashMessage("Bid", offer.value, domain) });
    const signed = await rfc("ann");
    const hash = hashMessage("Rfc", signed.value, domain);
    const placed = applyInput(state, self, { kind: "rfc", atMs, signed, hash, balanceWei: MOR });
    expect(placed.status === "rejected" && placed.reason).to.be.instanceOf(AccessUnknown);
    expect([state.matches.size, state.queue.size]).to.deep.equal([0, 0]);
  });

  it("take nothing back whose ledger would not be the one before", () => {
    state.tree.apply(new Map([[3, 1n]]));
    const paid = [{ ...report, height: HEIGHT }];
    state.accepted.push({ seq: 1n, previousRoot: OTHER, deltas: new Map([[3, 1n]]), paid });
    expect(() => revertAccepted(state, 1n)).to.throw(VetoUnknown);
    expect([state.tree.lane(3), state.accepted.length, state.earned.length]).to.deep.equal([1n, 1, 0]);
  });

  it("count a refusal, and no defect", () => {
    expect(() => reject(state, OTHER, new TypeError("defect"))).to.throw(TypeError);
    expect(state.counts.rejected).to.equal(0);
    reject(state, OTHER, new AccessUnknown(3n));
    expect(state.counts.rejected).to.equal(1);
  });

  it("show an observer the blocks that are signed, and no others", () => {
    for (const height of [HEIGHT, HEIGHT + 1n]) state.open.set(height, [report]);
    const blocks = closeOpenBlocks(state, self, momentAt(NOON_MS + 24_000n, EMISSION_START));
    const heard: RouterEvent[] = [];
    observe((event) => void heard.push(event), { kind: "blocksSigned", atMs, signatures: ["0x12"] }, blocks);
    expect(heard).to.deep.equal([
      {
        kind: "blocks",
        blocks: [{ kind: "InferenceBlock", value: blocks[0]!.value, signer: routerKey.address, signature: "0x12" }],
      },
    ]);
  });
});
