import { expect } from "chai";
import { findMissingWork, publishedCredits, type HeldWork, type MissingWork } from "@yellowstone-compute/sdk/provider";
import type { InferenceReport, Signed } from "@yellowstone-compute/sdk/messages";
import type { BlockEvidence, Step } from "@yellowstone-compute/sdk/quorum";
import { unixMillis, unixSeconds, wei } from "@yellowstone-compute/sdk/units";
import { EMISSION_START, NOON_MS, domain, report, rfc } from "../router/world.js";
import { BALANCE, PRICE, keys, match, nodeOf, post, publish, userOf, type Node } from "../quorum/world.js";

const RULES = { domain, emissionStart: EMISSION_START };

/** A router that has matched two users to provider 1, with the reports they hand to provider and router. */
async function served() {
  const node = await nodeOf(keys[0]!);
  const bid = await post(node, 1, PRICE, { capacity: 5 });
  const matches = [];
  const reports: Signed<"InferenceReport">[] = [];
  for (const nth of [0, 1]) {
    const user = userOf(node, nth);
    const { match: signed, matchHash } = await match(node, user);
    matches.push(signed);
    reports.push(await report(user, { matchHash, match: signed } as Parameters<typeof report>[1]));
  }
  const bids = [{ bid, router: keys[0]!.address, takenAtMs: NOON_MS }];
  return { node, held: { matches, reports, bids } satisfies HeldWork, reports };
}

const linesOf = (missing: readonly MissingWork[]) => missing.map(({ kind, lostWei }) => [kind, lostWei]);
const earned = 80n * PRICE;

/** The blocks with some of their steps taken out or changed. */
function edited(blocks: readonly BlockEvidence[], edit: (step: Step) => Step[]): BlockEvidence[] {
  return blocks.map((evidence) => ({ ...evidence, steps: evidence.steps.flatMap(edit) }));
}

describe("missing work", () => {
  const publishLater = (node: Node, seconds = 24n) => publish(node, NOON_MS + seconds * 1_000n);

  it("is none when all is shown, nor while it may still come", async () => {
    const { node, held, reports } = await served();
    expect(findMissingWork(held, [], RULES)).to.deep.equal([]);
    for (const one of reports) await node.router.report(one, NOON_MS + 1_000n);
    const blocks = await publishLater(node);
    expect(findMissingWork(held, blocks, RULES)).to.deep.equal([]);
    expect([...publishedCredits(blocks)]).to.deep.equal([[1n, 2n * earned]]);
    // Only the first user's report has reached the router: the second one's may still.
    const { node: other, held: both, reports: two } = await served();
    await other.router.report(two[0]!, NOON_MS + 1_000n);
    expect(findMissingWork(both, await publishLater(other), RULES)).to.deep.equal([]);
  });

  it("is a match, a bid or a report that is not shown, and a signature that is denied", async () => {
    const { node, held, reports } = await served();
    for (const one of reports) await node.router.report(one, NOON_MS + 1_000n);
    const blocks = await publishLater(node);
    const without = (kind: Step["kind"]) => edited(blocks, (step) => (step.kind === kind ? [] : [step]));
    const unmatched = findMissingWork(held, without("match"), RULES);
    expect(linesOf(unmatched)).to.deep.equal([
      ["matchUnpublished", earned],
      ["matchUnpublished", earned],
    ]);
    expect(unmatched[0]!.where).to.match(/^block \d+ of 0x/);
    expect(linesOf(findMissingWork(held, without("bid"), RULES))).to.deep.equal([["bidUnpublished", 0n]]);
    // Without their reports the blocks are not those that were signed, either.
    expect(linesOf(findMissingWork(held, without("report"), RULES))).to.deep.equal([["blockDiffers", 0n]]);
    const denied = edited(blocks, (step) =>
      step.kind === "report" ? [{ kind: "lapsed", atMs: step.atMs, matchHash: step.report.value.matchHash }] : [step],
    );
    expect(linesOf(findMissingWork(held, denied, RULES)).slice(1)).to.deep.equal([
      ["matchDenied", earned],
      ["matchDenied", earned],
    ]);
    expect(findMissingWork({ matches: held.matches }, without("bid"), RULES), "no bid is held").to.deep.equal([]);
    const afterHeight = blocks[0]!.block.value.height;
    expect(findMissingWork(held, without("bid"), { ...RULES, afterHeight })).to.deep.equal([]);
  });

  it("is a report that came, and is called unanswered or not shown when its time is over", async () => {
    const { node, held, reports } = await served();
    await node.router.report(reports[0]!, NOON_MS + 1_000n);
    // The second report never reached the router: after the deadline it says so, in a later block.
    const laterMs = NOON_MS + 700_000n;
    node.router.expire(laterMs);
    const user = userOf(node, 2);
    const times = { issuedAtMs: unixMillis(laterMs), deadlineAt: unixSeconds(laterMs / 1_000n + 30n) };
    const placed = await node.router.admit(await rfc(user, times), { balanceWei: BALANCE, atMs: laterMs });
    expect(placed.status).to.equal("matched");
    await node.router.report(await report(user, placed as Parameters<typeof report>[1]), laterMs + 1_000n);
    const blocks = await publish(node, laterMs + 24_000n);
    const found = findMissingWork(held, blocks, RULES);
    expect(linesOf(found)).to.deep.equal([["reportDenied", earned]]);
    expect(found[0]!.what).to.include("is shown as unreported");
    const silent = edited(blocks, (step) => (step.kind === "unreported" ? [] : [step]));
    expect(linesOf(findMissingWork(held, silent, RULES))).to.deep.equal([["reportUnpublished", earned]]);
    expect(findMissingWork({ ...held, reports: [] }, silent, RULES)).to.deep.equal([]);
  });

  it("is none of a report that did not pass, but for a credit that it did not earn", async () => {
    const node = await nodeOf(keys[0]!);
    await post(node, 1, PRICE);
    const user = userOf(node);
    const matched = await match(node, user);
    const failed = await report(user, matched, { passed: false });
    await node.router.report(failed, NOON_MS + 1_000n);
    const blocks = await publishLater(node);
    const held = { matches: [matched.match], reports: [failed] };
    expect(findMissingWork(held, blocks, RULES)).to.deep.equal([]);
    const credited = edited(blocks, (step) => (step.kind === "report" ? [{ ...step, creditWei: wei(9n) }] : [step]));
    const [, found] = findMissingWork(held, credited, RULES);
    expect(found).to.include({ kind: "creditDiffers", lostWei: 0n });
    expect(found!.what).to.include("is credited 9 wei, it earned 0 wei");
  });

  it("is a credit of nothing or of another amount, and another report than the user's", async () => {
    const { node, held, reports } = await served();
    for (const one of reports) await node.router.report(one, NOON_MS + 1_000n);
    const blocks = await publishLater(node);
    const credited = (creditWei: bigint) =>
      edited(blocks, (step) => (step.kind === "report" ? [{ ...step, creditWei } as Step] : [step]));
    const kinds = (evidence: readonly BlockEvidence[], work: HeldWork = held) =>
      linesOf(findMissingWork(work, evidence, RULES)).slice(1);
    expect(kinds(credited(0n))[0]).to.deep.equal(["uncredited", earned]);
    expect(kinds(credited(earned - 1n))[0]).to.deep.equal(["creditDiffers", 1n]);
    expect(kinds(credited(earned + 1n))[0]).to.deep.equal(["creditDiffers", 0n]);
    const less = (signed: Signed<"InferenceReport">): Signed<"InferenceReport"> => {
      const value: InferenceReport = { ...signed.value, tokens: 1n };
      return { ...signed, value };
    };
    const swapped = edited(blocks, (step) =>
      step.kind === "report" ? [{ ...step, report: less(step.report) }] : [step],
    );
    expect(kinds(swapped)[0]).to.deep.equal(["reportDiffers", earned]);
    // Who has no copy of the report sees that the credit is not the tokens times the price.
    expect(kinds(swapped, { ...held, reports: [] })[0]).to.deep.equal(["creditDiffers", 0n]);
  });
});
