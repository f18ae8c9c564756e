import { SignerMismatch, SigningFailed } from "../errors/signature.js";
import type { AttestationDraft, ChainLimits, ClosedBlock, Debit, EarnedReport, Head } from "../ledger/index.js";
import { openMessage, type Erc1271Reader, type Kind, type MessageOf, type Signed } from "../messages/index.js";
import { signHashed, type TypedDataSigner } from "../messages/sign.js";
import { address, uint, unixSeconds, type Address, type Hash32, type UnixMillis } from "../units/index.js";
import { takeBid } from "./bids.js";
import {
  backlogUMor,
  commitBlocks,
  commitDraft,
  commitPaid,
  draftAttestation,
  revertAccepted,
  revertPaid,
  writeBlocks,
} from "./crediting.js";
import { judgeReport, recordJob, requireReportable } from "./judging.js";
import {
  admitRfc,
  expireMatches,
  expireWaiting,
  matchWaiting,
  placeAgain,
  reject,
  unmatch,
  type Identity,
} from "./matching.js";
import type { Judged, Matched, Placement, Queued, Rejected, Unreported, Unserved } from "./outcomes.js";
import type { RouterEvent } from "./observer.js";
import type { Router, RouterFigures, RouterOptions } from "./router.js";
import { momentOf, type Moment, type RouterState } from "./state.js";

/** The router that signs with a key it is given. Every verb is: verify, one transition of the state, sign. */
export class SigningRouter implements Router {
  readonly #signer: TypedDataSigner;
  readonly #reader: Erc1271Reader | undefined;
  readonly #note: (event: RouterEvent) => void;
  readonly #self: Identity;
  readonly #state: RouterState;
  readonly #quorum: { readonly routerSet: Hash32; readonly quorumBytes: number };
  #closing: Promise<unknown> = Promise.resolve();

  constructor(
    options: RouterOptions,
    self: Identity,
    state: RouterState,
    quorum: { routerSet: Hash32; quorumBytes: number },
  ) {
    this.#signer = options.signer;
    this.#reader = options.reader;
    this.#note = options.observer ?? (() => undefined);
    this.#self = self;
    this.#state = state;
    this.#quorum = quorum;
  }

  get address(): Address {
    return this.#self.router;
  }

  async postBid(bid: Signed<"Bid">, owner: Address, atMs: bigint): Promise<Hash32> {
    const { hash, signer } = await this.#open(bid, atMs);
    if (signer !== address(owner, "owner")) throw new SignerMismatch(owner, signer);
    const moment = momentOf(this.#state, atMs);
    takeBid(this.#state, { signed: bid, value: bid.value, hash }, moment);
    this.#note({ kind: "bid", atMs: moment.atMs, bid });
    return hash;
  }

  async admit(
    rfc: Signed<"Rfc">,
    { balanceWei, atMs }: { readonly balanceWei: bigint; readonly atMs: bigint },
  ): Promise<Matched | Queued | Rejected | Unserved> {
    let rfcHash: Hash32;
    try {
      rfcHash = (await this.#open(rfc, atMs)).hash;
    } catch (reason) {
      return reject(this.#state, undefined, reason);
    }
    const moment = momentOf(this.#state, atMs);
    const placement = admitRfc(this.#state, this.#self, { rfc: rfc.value, rfcHash, balanceWei }, moment);
    if (placement.status === "matched" || placement.status === "queued") this.#note({ kind: "rfc", rfcHash, rfc });
    return this.#signPlacement(this.#notePlacement(placement, moment));
  }

  async pump(atMs: bigint): Promise<(Matched | Queued | Rejected | Unserved | Unreported)[]> {
    const moment = momentOf(this.#state, atMs);
    const ended = this.expire(atMs);
    const placed = matchWaiting(this.#state, this.#self, moment);
    for (const placement of placed) this.#notePlacement(placement, moment);
    return [...ended, ...(await Promise.all(placed.map((placement) => this.#signPlacement(placement))))];
  }

  expire(atMs: bigint): (Unserved | Unreported)[] {
    const moment = momentOf(this.#state, atMs);
    const unserved = expireWaiting(this.#state, moment);
    for (const { rfcHash } of unserved) this.#note({ kind: "dropped", rfcHash });
    const unreported = expireMatches(this.#state, moment);
    for (const { matchHash } of unreported) this.#note({ kind: "unreported", atMs: moment.atMs, matchHash });
    return [...unserved, ...unreported];
  }

  async unanswered(matchHash: Hash32, atMs: bigint): Promise<Matched | Queued | Rejected | Unserved> {
    const moment = momentOf(this.#state, atMs);
    const match = unmatch(this.#state, matchHash);
    recordJob(this.#state, match.value.modelId, match.value.providerId, "unanswered", moment);
    this.#note({ kind: "unanswered", atMs: moment.atMs, matchHash });
    return this.#signPlacement(this.#notePlacement(placeAgain(this.#state, this.#self, match, moment), moment));
  }

  async report(report: Signed<"InferenceReport">, atMs: bigint): Promise<Judged> {
    const { policy } = this.#self;
    const match = requireReportable(this.#state, policy, report.value, momentOf(this.#state, atMs));
    const { hash, signer } = await this.#open(report, atMs);
    const { queryKey } = match.value;
    if (signer.toLowerCase() !== queryKey.toLowerCase()) throw new SignerMismatch(queryKey, signer);
    const moment = momentOf(this.#state, atMs);
    const judged = judgeReport(this.#state, policy, { report: report.value, reportHash: hash }, moment);
    this.#note({ kind: "report", atMs: moment.atMs, report, judged });
    return judged;
  }

  closeBlocks(atMs: bigint): Promise<ClosedBlock[]> {
    const closed = this.#closing.then(() => this.#closeBlocks(atMs));
    this.#closing = closed.catch(() => undefined);
    return closed;
  }

  propose(
    head: Head,
    allowanceUMor: bigint,
    atMs: bigint,
    limits?: ChainLimits,
    debits: readonly Debit[] = [],
  ): AttestationDraft | undefined {
    const input = { head, allowanceUMor, debits, ...this.#quorum, ...(limits === undefined ? {} : { limits }) };
    return draftAttestation(this.#state, this.#self, input, momentOf(this.#state, atMs));
  }

  sign(draft: AttestationDraft): Promise<Signed<"Attestation">> {
    return this.#sign("Attestation", draft.attestation);
  }

  accepted(draft: AttestationDraft): void {
    commitDraft(this.#state, draft);
  }

  vetoed(seq: bigint): void {
    revertAccepted(this.#state, seq);
  }

  paid(reports: readonly EarnedReport[]): EarnedReport[] {
    return commitPaid(this.#state, reports);
  }

  unpaid(own: readonly EarnedReport[]): void {
    revertPaid(this.#state, own);
  }

  backlogUMor(): bigint {
    return backlogUMor(this.#state);
  }

  figures(): RouterFigures {
    const { counts, queue, matches } = this.#state;
    return {
      outcomes: { ...counts },
      waiting: queue.size,
      matched: matches.size,
      backlogUMor: this.backlogUMor(),
    };
  }

  async #closeBlocks(atMs: bigint): Promise<ClosedBlock[]> {
    const moment = momentOf(this.#state, atMs);
    const blocks = writeBlocks(this.#state, this.#self, moment);
    const signed = await Promise.all(blocks.map(({ value }) => this.#sign("InferenceBlock", value)));
    commitBlocks(this.#state, blocks);
    this.#state.meter.forgetBefore(moment.day);
    return blocks.flatMap(({ hash, reports }, i) => {
      const block = signed[i];
      return block === undefined ? [] : [{ signed: block, hash, reports }];
    });
  }

  /** Tell the observer what became of an RFC, before anything else happens. */
  #notePlacement<P extends Placement>(placement: P, { atMs }: Moment): P {
    const { status, rfcHash } = placement;
    if (status === "matched") {
      this.#note({ kind: "match", atMs, matchHash: placement.matchHash, value: placement.value });
    } else if (status !== "queued" && rfcHash !== undefined) this.#note({ kind: "dropped", rfcHash });
    return placement;
  }

  /** Sign the match of a placement. When the signer fails the RFC waits again, and the provider is free. */
  async #signPlacement(placement: Placement): Promise<Matched | Queued | Rejected | Unserved> {
    if (placement.status !== "matched") return placement;
    const { rfcHash, matchHash, value, bid } = placement;
    try {
      const match = await this.#sign("Match", value);
      this.#note({ kind: "signed", matchHash, match });
      return { status: "matched", rfcHash, matchHash, match, bid };
    } catch (delay) {
      if (!(delay instanceof SigningFailed)) throw delay;
      this.#state.queue.push(unmatch(this.#state, matchHash).waiting);
      this.#note({ kind: "lapsed", atMs: this.#state.latestMs as UnixMillis, matchHash });
      return { status: "queued", rfcHash, delay };
    }
  }

  async #sign<K extends Kind>(kind: K, value: MessageOf<K>): Promise<Signed<K>> {
    try {
      return await signHashed(this.#signer, kind, value, this.#self.domain);
    } catch (cause) {
      throw new SigningFailed(kind, cause);
    }
  }

  #open<K extends Kind>(signed: Signed<K>, atMs: bigint): ReturnType<typeof openMessage> {
    return openMessage(signed, this.#self.domain, unixSeconds(uint(atMs, 64, "atMs") / 1_000n), this.#reader);
  }
}
