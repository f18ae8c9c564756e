import { buildBlock, type ReportEntry } from "@yellowstone-compute/sdk/ledger";
import {
  hashMessage,
  signMessage,
  type InferenceReport,
  type LocalSigner,
  type Match,
  type Rfc,
  type Signed,
} from "@yellowstone-compute/sdk/messages";
import type { BlockEvidence, Step } from "@yellowstone-compute/sdk/quorum";
import { ZERO_HASH, unixMillis, unixSeconds, wei, type Hash32 } from "@yellowstone-compute/sdk/units";
import { NOON_MS, bid, domain, keyOf } from "../router/world.js";
import { START_HEIGHT } from "./world.js";

/** A step with a match. */
export type MatchStep = Extract<Step, { kind: "match" }>;
type ReportStep = Extract<Step, { kind: "report" }>;

/** A router that signs whatever it is told to: steps and a block of them. */
export class Liar {
  readonly steps: Step[] = [];
  atMs = NOON_MS;
  constructor(
    readonly key: LocalSigner,
    readonly user: string,
  ) {}

  async bid(provider: number, priceWei: bigint, change: Parameters<typeof bid>[2] = {}): Promise<Signed<"Bid">> {
    const signed = await bid(provider, priceWei, { capacity: 9, ...change });
    this.steps.push({ kind: "bid", atMs: unixMillis(this.atMs), bid: signed });
    return signed;
  }

  async match(given: Signed<"Bid">, change: Partial<Match> = {}, asked: Partial<Rfc> = {}, user = this.user) {
    const rfcValue: Rfc = {
      user: keyOf(user).address,
      queryKey: keyOf(`query:${user}`).address,
      modelId: given.value.modelId,
      tokenMax: 100n,
      issuedAtMs: unixMillis(this.atMs),
      deadlineAt: unixSeconds(this.atMs / 1_000n + 30n),
      nonce: BigInt(this.steps.length),
      ...asked,
    };
    const rfc = await signMessage(keyOf(user), "Rfc", rfcValue, domain);
    const { providerId: provider, priceWei, modelId } = given.value;
    const value: Match = {
      rfcHash: hashMessage("Rfc", rfcValue, domain),
      bidHash: hashMessage("Bid", given.value, domain),
      queryKey: rfcValue.queryKey,
      providerId: provider,
      modelId,
      tokenMax: rfcValue.tokenMax,
      priceWei,
      matchedAtMs: unixMillis(this.atMs),
      reportDeadlineAt: unixSeconds(this.atMs / 1_000n + 600n),
      router: this.key.address,
      ...change,
    };
    const match = await signMessage(this.key, "Match", value, domain);
    const step: MatchStep = { kind: "match", atMs: unixMillis(this.atMs), rfc, match };
    this.steps.push(step);
    return { rfc, match: value, matchHash: hashMessage("Match", value, domain) };
  }

  async report(
    { match, matchHash }: { match: Match; matchHash: Hash32 },
    change: Partial<InferenceReport> = {},
    creditWei?: bigint,
    signer = keyOf(`query:${this.user}`),
  ): Promise<void> {
    const value: InferenceReport = {
      matchHash,
      providerId: match.providerId,
      tokens: 80n,
      passed: true,
      sentAtMs: match.matchedAtMs,
      receivedAtMs: unixMillis(match.matchedAtMs + 1_000n),
      ...change,
    };
    const report = await signMessage(signer, "InferenceReport", value, domain);
    const credit = wei(creditWei ?? value.tokens * match.priceWei);
    this.steps.push({ kind: "report", atMs: unixMillis(this.atMs), report, creditWei: credit });
  }

  end(kind: "unanswered" | "unreported" | "lapsed", matchHash: Hash32): void {
    this.steps.push({ kind, atMs: unixMillis(this.atMs), matchHash });
  }

  /** A block that is signed for exactly what the steps say. */
  async block(height = START_HEIGHT, previousHash = ZERO_HASH, key = this.key): Promise<BlockEvidence> {
    const entries = this.steps
      .filter((step): step is ReportStep => step.kind === "report")
      .map(({ report, creditWei }): ReportEntry => ({
        reportHash: hashMessage("InferenceReport", report.value, domain),
        providerId: report.value.providerId,
        creditWei,
      }));
    const value = buildBlock(this.key.address, height, previousHash, entries);
    return { block: await signMessage(key, "InferenceBlock", value, domain), steps: this.steps.splice(0) };
  }
}
