import { expect } from "chai";
import type { InferenceReport, Match, Rfc } from "@yellowstone-compute/sdk/messages";
import {
  createReplica,
  openEvidence,
  reviewBlock,
  type BlockEvidence,
  type CoSignerOptions,
} from "@yellowstone-compute/sdk/quorum";
import type { RouterPolicy } from "@yellowstone-compute/sdk/router";
import { ZERO_HASH, hash32, providerId, unixMillis, unixSeconds, wei } from "@yellowstone-compute/sdk/units";
import { EMISSION_START, NOON_MS, bid, domain, keyOf, policyOf } from "../router/world.js";
import { Liar, type MatchStep } from "./liar.js";
import { BALANCE, PRICE, START_HEIGHT, keys, nodeOf, show, userOf, type Node } from "./world.js";

const AT = NOON_MS / 1_000n;

interface Lie {
  readonly name: string;
  readonly finding: RegExp;
  readonly policy?: Partial<RouterPolicy>;
  readonly options?: Partial<CoSignerOptions>;
  readonly tell: (liar: Liar) => Promise<BlockEvidence | void>;
}

/** A job done right, but for what is changed. */
async function job(
  liar: Liar,
  match: Partial<Match> = {},
  rfc: Partial<Rfc> = {},
  report: Partial<InferenceReport> = {},
) {
  const cheap = await liar.bid(0, PRICE);
  await liar.report(await liar.match(cheap, match, rfc), report);
}

const stranger = "somebody else";
const LIES: readonly Lie[] = [
  {
    name: "an RFC of another signer",
    finding: /step 1: RFC: signature: expected signer/,
    tell: (l) => job(l, {}, { user: keyOf("victim").address }),
  },
  {
    name: "a bid that its owner did not sign",
    finding: /step 0: bid: 0x\w+ does not own provider 0/,
    options: { isOwner: () => Promise.resolve(false) },
    tell: (l) => job(l),
  },
  {
    name: "a bid changed after it was signed",
    finding: /step 0: bid: signature: expected signer/,
    tell: async (l) => {
      await job(l);
      const [first] = l.steps;
      if (first?.kind === "bid")
        l.steps[0] = { ...first, bid: { ...first.bid, value: { ...first.bid.value, capacity: 5 } } };
    },
  },
  {
    name: "a match in another router's name",
    finding: /in the name of 0x/,
    tell: (l) => job(l, { router: keys[1]!.address }),
  },
  { name: "a match of another RFC", finding: /match of RFC 0x00/, tell: (l) => job(l, { rfcHash: ZERO_HASH }) },
  {
    name: "a match of more tokens than asked for",
    finding: /tokenMax is 101, the RFC says 100/,
    tell: (l) => job(l, { tokenMax: 101n }),
  },
  {
    name: "a match for another query key",
    finding: /queryKey is 0x/,
    tell: (l) => job(l, { queryKey: keyOf(stranger).address }),
  },
  {
    name: "a match for another model",
    finding: /modelId is 0x/,
    tell: (l) => job(l, {}, { modelId: hash32(`0x${"77".repeat(32)}`) as Rfc["modelId"] }),
  },
  {
    name: "a match with a later report deadline",
    finding: /report deadline \d+, expected \d+/,
    tell: (l) => job(l, { reportDeadlineAt: unixSeconds(AT + 601n) }),
  },
  {
    name: "a match stamped elsewhere in time",
    finding: /stamped \d+, done at/,
    tell: (l) => job(l, { matchedAtMs: unixMillis(NOON_MS + 1n) }),
  },
  {
    name: "a match after the RFC's deadline",
    finding: /deadline \d+ had passed/,
    tell: (l) => job(l, {}, { deadlineAt: unixSeconds(AT - 1n) }),
  },
  {
    name: "an RFC open for too long",
    finding: /window is invalid/,
    tell: (l) => job(l, {}, { deadlineAt: unixSeconds(AT + 3_601n) }),
  },
  {
    name: "an RFC from the future",
    finding: /window is invalid/,
    tell: (l) => job(l, {}, { issuedAtMs: unixMillis(NOON_MS + 2_001n) }),
  },
  { name: "an RFC for nothing", finding: /TokenMax is 0/, tell: (l) => job(l, {}, { tokenMax: 0n }, { tokens: 0n }) },
  {
    name: "an RFC twice",
    finding: /nonce 7 of the user was used already/,
    tell: async (l) => {
      await job(l, {}, { nonce: 7n });
      await job(l, {}, { nonce: 7n });
    },
  },
  {
    name: "a user of another router",
    finding: /home router is 0x/,
    tell: async (l) => {
      const foreign = userOf(await nodeOf(keys[1]!));
      const cheap = await l.bid(0, PRICE);
      await l.report(await l.match(cheap, {}, {}, foreign), {}, undefined, keyOf(`query:${foreign}`));
    },
  },
  {
    name: "more than the user's quota",
    finding: /quota: 0 wei used and \d+ wei reserved of a share of \d+ wei/,
    tell: (l) => job(l, {}, { tokenMax: 20_001n }),
  },
  {
    name: "more than the quota, in two steps",
    finding: /step 2: quota: \d+ wei used/,
    tell: async (l) => {
      const cheap = await l.bid(0, PRICE);
      await l.match(cheap, {}, { tokenMax: 20_000n });
      await l.match(cheap, {}, { tokenMax: 1n });
    },
  },
  {
    name: "a quota from a balance it made up",
    finding: /share of 0 wei/,
    options: { balanceWei: () => Promise.resolve(0n) },
    tell: (l) => job(l),
  },
  {
    name: "a dearer bid than the lowest",
    finding: /provider 1 at \d+ wei, lowest is provider 0/,
    tell: async (l) => {
      await l.bid(0, PRICE);
      await l.report(await l.match(await l.bid(1, 2n * PRICE)));
    },
  },
  {
    name: "the loser of a tie",
    finding: /lowest is provider/,
    tell: async (l) => {
      const [a, b] = [await l.bid(0, PRICE), await l.bid(1, PRICE)];
      for (let i = 0; i < 12; i++) await l.match(i % 2 === 0 ? a : b);
    },
  },
  { name: "a bid that nobody made", finding: /has no such bid/, tell: (l) => job(l, { bidHash: ZERO_HASH }) },
  {
    name: "another price than the bid's",
    finding: /the bid says \d+ wei/,
    tell: (l) => job(l, { priceWei: wei(PRICE + 1n) }),
  },
  {
    name: "an old bid",
    finding: /has no such bid/,
    tell: async (l) => {
      const old = await l.bid(0, PRICE);
      await l.bid(0, 2n * PRICE);
      await l.report(await l.match(old));
    },
  },
  {
    name: "a bid whose sequence is not newer",
    finding: /sequence 5 is not newer/,
    tell: async (l) => {
      await l.bid(0, PRICE, { sequence: 5n });
      await l.bid(0, 2n * PRICE, { sequence: 5n });
    },
  },
  {
    name: "a bid that is not valid yet",
    finding: /has no such bid/,
    tell: async (l) => {
      await l.report(await l.match(await l.bid(0, PRICE, { validFromAt: unixSeconds(AT + 1n) })));
    },
  },
  {
    name: "a bid that is over",
    finding: /cannot be taken: it expired/,
    tell: async (l) => void (await l.bid(0, PRICE, { expiresAt: unixSeconds(AT - 1n) })),
  },
  {
    name: "a bid in a unit without a price",
    finding: /unit 1 is not priced/,
    tell: async (l) => void (await l.bid(0, PRICE, { unit: 1 })),
  },
  {
    name: "a bid outside the price range",
    finding: /price is out of range/,
    policy: { priceRange: { minWei: 2n * PRICE } },
    tell: (l) => job(l),
  },
  {
    name: "a provider without a free place",
    finding: /works on 1 jobs already/,
    tell: async (l) => {
      const one = await l.bid(0, PRICE, { capacity: 1 });
      await l.match(one);
      await l.match(one);
    },
  },
  { name: "a lower bid it kept to itself", finding: /lowest is provider 3/, tell: (l) => job(l) },
  {
    name: "a provider that is passed over",
    finding: /passed over until block/,
    policy: { failures: { forgiven: 0 } },
    tell: async (l) => {
      const cheap = await l.bid(0, PRICE);
      await l.report(await l.match(cheap), { passed: false }, 0n);
      l.atMs += 12_000n;
      await l.match(cheap);
      return l.block(START_HEIGHT + 1n);
    },
  },
  {
    name: "a provider that had not answered",
    finding: /left RFC 0x\w+ unanswered/,
    tell: async (l) => {
      const cheap = await l.bid(0, PRICE);
      const { matchHash } = await l.match(cheap, {}, { nonce: 1n });
      l.end("unanswered", matchHash);
      await l.match(cheap, {}, { nonce: 1n });
    },
  },
  {
    name: "a report of another key",
    finding: /signed by 0x\w+, the query key is/,
    tell: async (l) => l.report(await l.match(await l.bid(0, PRICE)), {}, undefined, keyOf(stranger)),
  },
  {
    name: "a report of no match",
    finding: /match 0x0000\w+ is not open/,
    tell: (l) => job(l, {}, {}, { matchHash: ZERO_HASH }),
  },
  {
    name: "a report twice",
    finding: /step 3: match 0x\w+ is not open/,
    tell: async (l) => {
      const matched = await l.match(await l.bid(0, PRICE));
      await l.report(matched);
      await l.report(matched);
    },
  },
  {
    name: "a report of another provider",
    finding: /provider 1, the match names 0/,
    tell: (l) => job(l, {}, {}, { providerId: providerId(1) }),
  },
  {
    name: "a report of too many tokens",
    finding: /101 T, TokenMax is 100/,
    tell: (l) => job(l, {}, {}, { tokens: 101n }),
  },
  {
    name: "a report received before it was sent",
    finding: /do not lie between/,
    tell: (l) => job(l, {}, {}, { receivedAtMs: unixMillis(NOON_MS - 1n) }),
  },
  {
    name: "a report from the future",
    finding: /do not lie between/,
    tell: (l) => job(l, {}, {}, { receivedAtMs: unixMillis(NOON_MS + 2_001n) }),
  },
  {
    name: "a report judged after its deadline",
    finding: /after the deadline/,
    tell: async (l) => {
      const matched = await l.match(await l.bid(0, PRICE));
      l.atMs += 601_000n;
      await l.report(matched);
      return l.block(START_HEIGHT + 50n);
    },
  },
  {
    name: "a credit for a failed report",
    finding: /80\d* wei credited, recomputed 0 wei: failed/,
    tell: (l) => job(l, {}, {}, { passed: false }),
  },
  {
    name: "a credit above tokens times price",
    finding: /credited, recomputed 80\d* wei: served/,
    tell: async (l) => l.report(await l.match(await l.bid(0, PRICE)), {}, 81n * PRICE),
  },
  {
    name: "no credit for a served report",
    finding: /0 wei credited, recomputed 80\d* wei: served/,
    tell: async (l) => l.report(await l.match(await l.bid(0, PRICE)), {}, 0n),
  },
  {
    name: "a credit for a report that was too slow",
    finding: /recomputed 0 wei: tooSlow/,
    tell: async (l) => {
      const cheap = await l.bid(0, PRICE, { capacity: 20 });
      for (let i = 0; i < 11; i++) {
        const receivedAtMs = unixMillis(NOON_MS + (i < 10 ? 500n : 900n));
        await l.report(await l.match(cheap), { receivedAtMs });
      }
    },
  },
  {
    name: "unreported before the deadline",
    finding: /unreported before the deadline/,
    tell: async (l) => l.end("unreported", (await l.match(await l.bid(0, PRICE))).matchHash),
  },
  {
    name: "a signed match that lapsed",
    finding: /lapsed, but the match was signed/,
    tell: async (l) => l.end("lapsed", (await l.match(await l.bid(0, PRICE))).matchHash),
  },
  {
    name: "an unsigned match that was reported",
    finding: /was never signed/,
    tell: async (l) => {
      await job(l);
      const at = l.steps.findIndex(({ kind }) => kind === "match");
      const step = l.steps[at] as MatchStep;
      l.steps[at] = { ...step, match: { lapsed: true, value: step.match.value } };
    },
  },
  {
    name: "an unsigned match that was left unanswered",
    finding: /unanswered, but the match was never signed/,
    tell: async (l) => {
      const { matchHash } = await l.match(await l.bid(0, PRICE));
      const step = l.steps[1] as MatchStep;
      l.steps[1] = { ...step, match: { lapsed: true, value: step.match.value } };
      l.end("unanswered", matchHash);
    },
  },
  {
    name: "the end of no match",
    finding: /is not open/,
    tell: async (l) => l.end("unanswered", (await l.match(await l.bid(0, PRICE))).rfc.value.modelId),
  },
  {
    name: "steps out of order",
    finding: /after a step at/,
    tell: async (l) => {
      await job(l);
      l.atMs -= 1n;
      await job(l);
    },
  },
  {
    name: "a report of another block",
    finding: /is of height \d+/,
    tell: async (l) => {
      await job(l);
      return l.block(START_HEIGHT + 1n);
    },
  },
  {
    name: "a block signed by another router",
    finding: /block: signature: expected signer/,
    tell: async (l) => {
      await job(l);
      return l.block(START_HEIGHT, ZERO_HASH, keys[1]);
    },
  },
  {
    name: "a block after another one than its last",
    finding: /names 0x77\w+ before it, expected 0x00/,
    tell: async (l) => {
      await job(l);
      return l.block(START_HEIGHT, hash32(`0x${"77".repeat(32)}`));
    },
  },
  {
    name: "a block that hides a report",
    finding: /signed for 2 reports, 1 are shown/,
    tell: async (l) => {
      await job(l);
      await job(l);
      const evidence = await l.block();
      return { ...evidence, steps: evidence.steps.slice(0, 3) };
    },
  },
];

describe("a router that lies to a co-signer", () => {
  for (const { name, finding, policy = {}, options = {}, tell } of LIES) {
    it(`${name}: is found, in words, and nothing changes`, async () => {
      const node = await nodeOf(keys[0]!, policy, options);
      const liar = new Liar(keys[0]!, userOf(node));
      if (name.includes("kept to itself")) await node.coSigner.noteBid(await bid(3, 1n), NOON_MS - 61_000n);
      const evidence = (await tell(liar)) ?? (await liar.block());
      const found = await show(node, [evidence]);
      expect(found.join("\n")).to.match(finding);
      expect(found.join("")).to.include(keys[0]!.address);
      expect(node.coSigner.heightOf(keys[0]!.address)).to.equal(-1n);
      expect(node.proposer.backlogUMor()).to.equal(0n);
      const honest = new Liar(keys[0]!, userOf(node));
      if (Object.keys(policy).length + Object.keys(options).length > 0 || name.includes("kept to itself")) return;
      await job(honest);
      expect(await show(node, [await honest.block()]), "the truth is taken afterwards").to.deep.equal([]);
    });
  }

  it("with two blocks of a height: the second does not follow, and both are evidence", async () => {
    const node = await nodeOf(keys[0]!);
    const liar = new Liar(keys[0]!, userOf(node));
    await job(liar);
    const first = await liar.block();
    await job(liar);
    const second = await liar.block();
    expect(await show(node, [first])).to.deep.equal([]);
    expect((await show(node, [second])).join("\n")).to.match(new RegExp(`follows height ${START_HEIGHT}`));
    expect(await node.evidence.all()).to.deep.equal([
      { kind: "InferenceBlock", first: first.block, second: second.block },
    ]);
  });

  it("is not held to another router's blocks", async () => {
    const sources = {
      domain,
      emissionStart: EMISSION_START,
      balanceWei: () => Promise.resolve(BALANCE),
      isOwner: () => Promise.resolve(true),
    };
    const rules = { policy: policyOf(), routers: keys.map(({ address }) => address), emissionStart: EMISSION_START };
    const opened = await openEvidence(await new Liar(keys[0]!, "nobody").block(), sources);
    const { findings, after } = reviewBlock(createReplica(keys[1]!.address), opened, rules);
    expect(findings.map(({ what }) => what)).to.deep.equal([`a block of ${keys[0]!.address}`]);
    expect(after).to.deep.equal(createReplica(keys[1]!.address));
  });

  it("is held to the newest bid of a provider that it was shown, published or not", async () => {
    const published = { sequence: 5n };
    const ahead = { sequence: 7n, validFromAt: unixSeconds(AT + 60n) };
    for (const [sequence, expected] of [
      [4n, /^$/],
      [6n, /lowest is provider 0 at 1 wei/],
    ] as const) {
      for (const hasAhead of [false, true]) {
        const node = await nodeOf(keys[0]!);
        await node.coSigner.noteBid(await bid(0, 1n, { sequence }), NOON_MS - 61_000n);
        const liar = new Liar(keys[0]!, userOf(node));
        const standing = await liar.bid(0, PRICE, published);
        if (hasAhead) await liar.bid(0, 2n * PRICE, ahead);
        await liar.report(await liar.match(standing));
        const found = (await show(node, [await liar.block()])).join("\n");
        expect(found, `${sequence}, ${hasAhead}`).to.match(hasAhead ? /^$/ : expected);
      }
    }
  });

  it("may serve the users of an earlier set for as long as it may not have noticed the change", async () => {
    const foreign = userOf(await nodeOf(keys[1]!));
    const earlierSets = [{ routers: [keys[0]!.address], untilMs: NOON_MS }];
    for (const [late, expected] of [
      [0n, /^$/],
      [1n, /home router is 0x/],
    ] as const) {
      const node = await nodeOf(keys[0]!, {}, { earlierSets });
      const liar = new Liar(keys[0]!, foreign);
      liar.atMs += late;
      await job(liar);
      expect((await show(node, [await liar.block()])).join("\n")).to.match(expected);
    }
  });

  it("is not held to bids that a co-signer heard of too late", async () => {
    const node: Node = await nodeOf(keys[0]!);
    const liar = new Liar(keys[0]!, userOf(node));
    await node.coSigner.noteBid(await bid(3, 1n), NOON_MS - 59_000n);
    await job(liar);
    expect(await show(node, [await liar.block()])).to.deep.equal([]);
  });
});
