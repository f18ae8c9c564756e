import { YellowstoneError } from "../errors/base.js";
import { ChainRequestFailed } from "../errors/chain.js";
import { hashMessage, openMessage } from "../messages/index.js";
import type {
  Bid,
  Domain,
  Erc1271Reader,
  InferenceBlock,
  InferenceReport,
  Kind,
  Match,
  Opened,
  Rfc,
  Signed,
} from "../messages/index.js";
import { dayAt, unixSeconds, type Address, type Hash32, type ProviderId, type UnixMillis } from "../units/index.js";
import type { BlockEvidence, MatchEvidence, Step } from "./evidence.js";
import { placeOf, type Finding } from "./findings.js";

/** What a co-signer asks of its own, never of the router whose work it reviews. */
export interface ReviewSources {
  readonly domain: Domain;
  /** Zero of block heights and block-days, in Unix seconds. */
  readonly emissionStart: bigint;
  /** A user's MOR at the first block of a block-day, in wei: `BalanceSource.balanceWei`. */
  readonly balanceWei: (user: Address, day: bigint) => Promise<bigint>;
  /** Whether an address may bid for a provider, now or at the moment (Unix ms) the bid was taken. */
  readonly isOwner: (providerId: ProviderId, signer: Address, atMs: UnixMillis) => Promise<boolean>;
  /** Asks contract wallets; without it only plain keys are accepted. */
  readonly reader?: Erc1271Reader;
}

/** A step whose messages are hashed and whose facts are looked up. */
export type OpenedStep =
  | { readonly kind: "bid"; readonly atMs: bigint; readonly bid: Bid; readonly bidHash: Hash32 }
  | {
      readonly kind: "match";
      readonly atMs: bigint;
      readonly rfc: Rfc;
      readonly rfcHash: Hash32;
      readonly match: Match;
      readonly matchHash: Hash32;
      readonly isSigned: boolean;
      /** The user's MOR of the day. */
      readonly balanceWei: bigint;
    }
  | {
      readonly kind: "report";
      readonly atMs: bigint;
      readonly report: InferenceReport;
      readonly reportHash: Hash32;
      readonly signer: Address;
      readonly creditWei: bigint;
    }
  | { readonly kind: "unanswered" | "unreported" | "lapsed"; readonly atMs: bigint; readonly matchHash: Hash32 };

/** Evidence after its signatures were checked: all that the pure review needs. */
export interface OpenedBlock {
  readonly value: InferenceBlock;
  readonly hash: Hash32;
  /** Whether the router's own signature of the block holds. */
  readonly isSigned: boolean;
  readonly steps: readonly OpenedStep[];
  /** Signatures that do not hold and bids of others than the owner. */
  readonly findings: readonly Finding[];
}

// Deadlines are judged by the stamps of the steps, not by the clock of the review.
const ANY_TIME = unixSeconds(0);

/**
 * Check every signature of a block's evidence and look up balances and owners. What does not hold becomes a finding; a
 * source that fails throws, since that is not the router's fault.
 * @throws the errors of the sources
 */
export async function openEvidence(evidence: BlockEvidence, sources: ReviewSources): Promise<OpenedBlock> {
  const { value } = evidence.block;
  const opener = new Opener(sources, value);
  const hash = await opener.open(evidence.block, "block");
  const isSigned = opener.findings.length === 0;
  const steps: OpenedStep[] = [];
  for (const [i, step] of evidence.steps.entries()) steps.push(await opener.step(step, i));
  return { value, hash, isSigned, steps, findings: opener.findings };
}

class Opener {
  readonly findings: Finding[] = [];
  #at: number | undefined;

  constructor(
    readonly sources: ReviewSources,
    readonly block: InferenceBlock,
  ) {}

  refuse(what: string, why: string): void {
    this.findings.push({ where: placeOf(this.block.router, this.block.height, this.#at), what: `${what}: ${why}` });
  }

  async open<K extends Kind>(signed: Signed<K>, what: string): Promise<Hash32> {
    const { domain, reader } = this.sources;
    try {
      const opened: Opened = await openMessage(signed, domain, ANY_TIME, reader);
      return opened.hash;
    } catch (error) {
      if (!(error instanceof YellowstoneError) || error instanceof ChainRequestFailed) throw error;
      this.refuse(what, error.message);
      return hashMessage(signed.kind, signed.value, domain);
    }
  }

  async step(step: Step, index: number): Promise<OpenedStep> {
    this.#at = index;
    const { atMs } = step;
    switch (step.kind) {
      case "bid": {
        const bidHash = await this.open(step.bid, "bid");
        const { value: bid, signer } = step.bid;
        if (!(await this.sources.isOwner(bid.providerId, signer, atMs))) {
          this.refuse("bid", `${signer} does not own provider ${bid.providerId}`);
        }
        return { kind: "bid", atMs, bid, bidHash };
      }
      case "match":
        return this.#match(step);
      case "report": {
        const { report, creditWei } = step;
        const reportHash = await this.open(report, "report");
        return { kind: "report", atMs, report: report.value, reportHash, signer: report.signer, creditWei };
      }
      default:
        return step;
    }
  }

  async #match({ atMs, rfc, match }: Extract<Step, { kind: "match" }>): Promise<OpenedStep> {
    const { domain, balanceWei, emissionStart } = this.sources;
    const rfcHash = await this.open(rfc, "RFC");
    const matchHash = isSigned(match) ? await this.open(match, "match") : hashMessage("Match", match.value, domain);
    const day = dayAt(match.value.matchedAtMs / 1_000n, emissionStart);
    return {
      kind: "match",
      atMs,
      rfc: rfc.value,
      rfcHash,
      match: match.value,
      matchHash,
      isSigned: isSigned(match),
      balanceWei: await balanceWei(rfc.value.user, day),
    };
  }
}

function isSigned(match: MatchEvidence): match is Signed<"Match"> {
  return !("lapsed" in match);
}
