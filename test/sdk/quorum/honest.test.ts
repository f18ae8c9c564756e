import { expect } from "chai";
import fc from "fast-check";
import { YellowstoneError } from "@yellowstone-compute/sdk/errors";
import type { TypedDataSigner } from "@yellowstone-compute/sdk/messages";
import { parseEvidence, serializeEvidence } from "@yellowstone-compute/sdk/quorum";
import type { Matched } from "@yellowstone-compute/sdk/router";
import { unixMillis, unixSeconds } from "@yellowstone-compute/sdk/units";
import { MOR, NOON_MS, bid, owner, report, rfc } from "../router/world.js";
import { PRICE, keys, nodeOf, publish, show, userOf, viewAt, type Node } from "./world.js";

const BALANCE = 6n * MOR;
const ENDS = ["report", "report", "slow", "slow", "fail", "unanswered"] as const;
const OTHERS = ["admit", "admit", "admit", "admit", "pump", "later", "close", "bid", "locked"] as const;
const step = fc.record({ verb: fc.constantFrom(...ENDS, ...OTHERS), figure: fc.nat(999) });
type Step = { verb: (typeof ENDS)[number] | (typeof OTHERS)[number]; figure: number };

/** Four quick reports, then a slow one. */
const SLOW: Step[] = (["report", "report", "report", "report", "slow"] as const).flatMap((verb, i) => [
  { verb: "admit", figure: i % 3 },
  { verb, figure: 1 },
]);

const policy = {
  reportSeconds: 5n,
  failures: { forgiven: 2, window: 4, coolDownBlocks: 1n },
  gate: { window: 8, minimumSamples: 3, perUserCap: 4 },
  priceRange: { minWei: 3n, maxWei: 2n * PRICE },
};

/** A signer that refuses while it is locked. */
function lockable(): { signer: TypedDataSigner; lock: (locked: boolean) => void } {
  const key = keys[0]!;
  let isLocked = false;
  return {
    lock: (locked) => void (isLocked = locked),
    signer: {
      getAddress: () => key.getAddress(),
      signTypedData: (...args) => (isLocked ? Promise.reject(new TypeError("locked")) : key.signTypedData(...args)),
    },
  };
}

/** Lives through steps with a router, and lets a co-signer see all of it as it arrives over a wire. */
class Life {
  readonly open = new Map<string, { user: string; matched: Matched }>();
  readonly users = new Map<string, string>();
  readonly found: string[] = [];
  atMs = NOON_MS;
  creditWei = 0n;

  constructor(
    readonly node: Node,
    readonly lock: (locked: boolean) => void,
    readonly seen: Set<string>,
  ) {}

  async take({ verb, figure }: Step): Promise<void> {
    const [first] = this.open.values();
    this.lock(verb === "locked");
    if (verb === "bid") return this.bid(figure);
    if (verb === "admit" || verb === "locked") return this.admit(figure);
    if (verb === "later") this.atMs += BigInt(figure) * 10n;
    else if (verb === "pump") (await this.node.router.pump(this.atMs)).forEach((placed) => this.note(placed));
    else if (verb === "close") await this.close();
    else if (first !== undefined) await this.end(first, verb, figure);
  }

  async bid(figure: number): Promise<void> {
    const at = this.atMs / 1_000n + (figure % 3 === 0 ? 30n : 0n);
    const times = { validFromAt: unixSeconds(at), expiresAt: unixSeconds(at + BigInt(figure % 60)) };
    const price = figure % 7 === 0 ? 2n : (PRICE * BigInt(1 + (figure % 5))) / 2n;
    const signed = await bid(figure % 4, price, { ...times, capacity: figure % 3 });
    await this.node.router.postBid(signed, owner.address, this.atMs);
  }

  async admit(figure: number): Promise<void> {
    const user = userOf(this.node, figure % 3);
    const times = { issuedAtMs: unixMillis(this.atMs), deadlineAt: unixSeconds(this.atMs / 1_000n + 20n) };
    const signed = await rfc(user, { ...times, tokenMax: 1_500n });
    const placed = await this.node.router.admit(signed, { balanceWei: BALANCE, atMs: this.atMs });
    if (placed.rfcHash !== undefined) this.users.set(placed.rfcHash, user);
    this.note(placed);
  }

  note(placed: { status: string }): void {
    this.seen.add(placed.status);
    const matched = placed as Matched;
    if (placed.status !== "matched") return;
    this.open.set(matched.matchHash, { user: this.users.get(matched.rfcHash) ?? "", matched });
  }

  async end({ user, matched }: { user: string; matched: Matched }, verb: string, figure: number): Promise<void> {
    this.open.delete(matched.matchHash);
    try {
      if (verb === "unanswered") return this.note(await this.node.router.unanswered(matched.matchHash, this.atMs));
      const receivedAtMs = unixMillis(matched.match.value.matchedAtMs + (verb === "slow" ? 1_900n : 900n));
      const tokens = BigInt(figure % 8 === 0 ? 0 : 100 + (figure % 9));
      const signed = await report(user, matched, { receivedAtMs, tokens, passed: verb !== "fail" });
      const judged = await this.node.router.report(signed, this.atMs);
      this.seen.add(judged.status);
      this.creditWei += judged.creditWei;
    } catch (error) {
      expect(error).to.be.instanceOf(YellowstoneError);
    }
  }

  async close(): Promise<void> {
    const sent = JSON.stringify((await publish(this.node, this.atMs)).map(serializeEvidence));
    const received = (JSON.parse(sent) as unknown[]).map((one) => parseEvidence(one));
    for (const { kind } of received.flatMap(({ steps }) => steps)) this.seen.add(kind);
    this.found.push(...(await show(this.node, received)));
  }
}

describe("co-signer, beside an honest router", () => {
  it("finds nothing, whatever the router did, and credits to the wei what it credits", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 150 }), async (steps) => {
        const { signer, lock } = lockable();
        const balanceWei = () => Promise.resolve(BALANCE);
        const node = await nodeOf(keys[0]!, policy, { signer, balanceWei });
        const life = new Life(node, lock, seen);
        for (const one of [0, 1, 2, 5]) await life.bid(60 * one + 59);
        for (const one of steps) await life.take(one);
        lock(false);
        life.atMs += 12_000n;
        await life.close();
        expect(life.found).to.deep.equal([]);
        expect(node.coSigner.heightOf(node.key.address) > 0n, "blocks were seen").to.equal(true);
        const view = viewAt(life.atMs + 12_000n);
        const next = node.proposer.propose(view);
        const paidWei = next?.draft.paid.reduce((sum, one) => sum + one.creditWei, 0n) ?? 0n;
        expect(paidWei).to.equal(next === undefined ? 0n : life.creditWei);
        if (next === undefined) expect(life.creditWei < 10n ** 12n, "nothing was earned").to.equal(true);
        else expect(await node.coSigner.coSign(next.proposal, view)).to.have.property("signature");
      }),
      { numRuns: 60, seed: 42, examples: [[SLOW]] },
    );
    // Seed and example are fixed so that every end is seen in every run.
    const steps = ["bid", "match", "report", "unanswered", "lapsed"];
    const all = [
      ...steps,
      "matched",
      "queued",
      "rejected",
      "unserved",
      "unreported",
      "served",
      "failed",
      "tooSlow",
      "empty",
    ];
    expect([...seen].sort()).to.deep.equal(all.sort());
  });
});
