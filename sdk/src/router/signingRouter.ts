import type { Quota } from "../access/index.js";
import { SignerMismatch, SigningFailed } from "../errors/signature.js";
import { YellowstoneError } from "../errors/index.js";
import type { AttestationDraft, ChainLimits, ClosedBlock, Debit, EarnedReport, Head } from "../ledger/index.js";
import {
  openMessage,
  type Erc1271Reader,
  type Kind,
  type MessageOf,
  type Recover,
  type Signed,
} from "../messages/index.js";
import { signHashed, type TypedDataSigner } from "../messages/sign.js";
import {
  address,
  uint,
  unixSeconds,
  type Address,
  type Hash32,
  type ModelId,
  type UnixMillis,
} from "../units/index.js";
import { backlogUMor, draftAttestation, requirePaidInOrder } from "./crediting.js";
import { redraft } from "./drafts.js";
import type { Committer } from "./inputs.js";
import { requireReportable } from "./judging.js";
import { quotaOf } from "./quota.js";
import { matchOfRfc, openMatch, type Identity } from "./matching.js";
import type { Judged, Matched, Placement, Queued, Rejected, Unreported, Unserved } from "./outcomes.js";
import type { RouterEvent } from "./observer.js";
import type { AccessBudget } from "./policy.js";
import type { QuorumShape, RouterParts } from "./parts.js";
import type { Router, RouterFigures, RouterOptions } from "./router.js";
import { momentAt, type Moment, type RouterState } from "./state.js";

/** The router that signs with a key it is given. Every verb is: verify, commit an input, sign what follows from it. */
export class SigningRouter implements Router {
  readonly #signer: TypedDataSigner;
  readonly #reader: Erc1271Reader | undefined;
  readonly #recover: Recover | undefined;
  readonly #note: (event: RouterEvent) => void;
  readonly #self: Identity;
  readonly #state: RouterState;
  readonly #committer: Committer;
  readonly #quorum: QuorumShape;
  #latestMs: bigint;
  #closing: Promise<unknown> = Promise.resolve();

  constructor(options: RouterOptions, { self, quorum, state, committer }: RouterParts) {
    this.#signer = options.signer;
    this.#reader = options.reader;
    this.#recover = options.recover;
    this.#note = options.observer ?? (() => undefined);
    this.#self = self;
    this.#state = state;
    this.#committer = committer;
    this.#quorum = quorum;
    this.#latestMs = state.latestMs;
  }

  get address(): Address {
    return this.#self.router;
  }

  async postBid(bid: Signed<"Bid">, owner: Address, atMs: bigint): Promise<Hash32> {
    const { hash, signer } = await this.#open(bid, atMs);
    if (signer !== address(owner, "owner")) throw new SignerMismatch(owner, signer);
    return this.#committer.commit({ kind: "bid", atMs: this.#moment(atMs).atMs, signed: bid, hash });
  }

  async admit(
    rfc: Signed<"Rfc">,
    { balanceWei, atMs }: { readonly balanceWei: bigint; readonly atMs: bigint },
  ): Promise<Matched | Queued | Rejected | Unserved> {
    let hash: Hash32;
    uint(balanceWei, 256, "balanceWei");
    try {
      hash = (await this.#open(rfc, atMs)).hash;
    } catch (reason) {
      if (!(reason instanceof YellowstoneError)) throw reason;
      await this.#committer.commit({ kind: "refusedRfc", atMs: this.#moment(atMs).atMs });
      return { status: "rejected", rfcHash: undefined, reason: reason as YellowstoneError };
    }
    const day = this.#accessDay(atMs);
    return this.#signPlacement(await this.#committer.commit({ kind: "rfc", ...day, signed: rfc, hash, balanceWei }));
  }

  async pump(atMs: bigint): Promise<(Matched | Queued | Rejected | Unserved | Unreported)[]> {
    const ended = await this.#committer.commit({ kind: "pump", ...this.#accessDay(atMs) });
    return Promise.all(ended.map(async (each) => (each.status === "matched" ? this.#signPlacement(each) : each)));
  }

  expire(atMs: bigint): (Unserved | Unreported)[] {
    return this.#committer.commitNow({ kind: "expire", atMs: this.#moment(atMs).atMs });
  }

  async unanswered(matchHash: Hash32, atMs: bigint): Promise<Matched | Queued | Rejected | Unserved> {
    const input = { kind: "unanswered", ...this.#accessDay(atMs), matchHash } as const;
    return this.#signPlacement(await this.#committer.commit(input));
  }

  async matchOf(rfcHash: Hash32): Promise<Matched> {
    const { matchHash, value, bid } = matchOfRfc(this.#state, rfcHash);
    const match = await this.#sign("Match", value);
    this.#note({ kind: "signed", matchHash, match });
    return { status: "matched", rfcHash, matchHash, match, bid };
  }

  async report(report: Signed<"InferenceReport">, atMs: bigint): Promise<Judged> {
    const match = requireReportable(this.#state, this.#self.policy, report.value, this.#moment(atMs));
    const { hash, signer } = await this.#open(report, atMs);
    const { queryKey } = match.value;
    if (signer !== queryKey && signer.toLowerCase() !== queryKey.toLowerCase()) {
      throw new SignerMismatch(queryKey, signer);
    }
    return this.#committer.commit({ kind: "report", atMs: this.#moment(atMs).atMs, signed: report, hash });
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
    return draftAttestation(this.#state, this.#self, input, this.#moment(atMs));
  }

  async sign(draft: AttestationDraft): Promise<Signed<"Attestation">> {
    const { attestation, paid, debits } = draft;
    await this.#committer.commit({ kind: "draft", ...this.#latest(), attestation, count: paid.length, debits });
    return this.#sign("Attestation", attestation);
  }

  boundDraft(seq: bigint): AttestationDraft | undefined {
    return redraft(this.#state, seq);
  }

  accepted(draft: AttestationDraft): void {
    const { attestation, paid } = draft;
    const { seq, previousRoot, newRoot } = attestation;
    requirePaidInOrder(this.#state, draft);
    this.#committer.commitNow({ kind: "accepted", ...this.#latest(), seq, previousRoot, newRoot, count: paid.length });
  }

  vetoed(seq: bigint): void {
    this.#committer.commitNow({ kind: "vetoed", ...this.#latest(), seq });
  }

  settled(seq: bigint): void {
    this.#committer.commitNow({ kind: "settled", ...this.#latest(), seq });
  }

  paid(reports: readonly EarnedReport[]): EarnedReport[] {
    const hashes = new Set(reports.map(({ reportHash }) => reportHash));
    const own = this.#state.earned.filter(({ reportHash }) => hashes.has(reportHash));
    this.#committer.commitNow({ kind: "paid", ...this.#latest(), reports: own.map(({ reportHash }) => reportHash) });
    return own;
  }

  unpaid(own: readonly EarnedReport[]): void {
    const waiting = new Set(this.#state.earned.map(({ reportHash }) => reportHash));
    const reports = own.filter(({ reportHash }) => !waiting.has(reportHash));
    this.#committer.commitNow({ kind: "unpaid", ...this.#latest(), reports });
  }

  quotaOf(
    user: Address | undefined,
    modelId: ModelId,
    at: { readonly balanceWei: bigint; readonly atMs: bigint },
  ): Quota {
    return quotaOf(this.#state, this.#self.policy, { user, modelId, balanceWei: at.balanceWei }, this.#moment(at.atMs));
  }

  queryKeyOf(matchHash: Hash32): Address {
    return openMatch(this.#state, matchHash).value.queryKey;
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
    const written = await this.#committer.commit({ kind: "close", atMs: this.#moment(atMs).atMs });
    if (written.length === 0) return [];
    const closed = await Promise.all(
      written.map(async ({ value, hash, reports }) => {
        return { signed: await this.#sign("InferenceBlock", value), hash, reports };
      }),
    );
    const signatures = closed.map(({ signed }) => signed.signature);
    await this.#committer.commit({ kind: "blocksSigned", ...this.#latest(), signatures });
    return closed;
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
      await this.#committer.commit({ kind: "lapsed", ...this.#latest(), matchHash });
      return { status: "queued", rfcHash, delay };
    }
  }

  /** The moment of an input: not before that of any input committed so far. @throws BeforeStart, InvalidField */
  #moment(atMs: bigint): Moment {
    const { emissionStart } = this.#state;
    const moment = momentAt(atMs > this.#latestMs ? atMs : this.#latestMs, emissionStart);
    this.#latestMs = moment.atMs;
    return moment;
  }

  #latest(): { readonly atMs: UnixMillis } {
    return { atMs: this.#latestMs as UnixMillis };
  }

  /** The moment of an input that meters, with the figures of its day where no input has brought them yet. */
  #accessDay(atMs: bigint): { readonly atMs: UnixMillis; readonly access?: AccessBudget } {
    const moment = this.#moment(atMs);
    if (this.#state.access.has(moment.day)) return { atMs: moment.atMs };
    const { budgetWei, supplyWei } = this.#self.policy.accessOf(moment.day);
    const access = { budgetWei: uint(budgetWei, 256, "budgetWei"), supplyWei: uint(supplyWei, 256, "supplyWei") };
    return { atMs: moment.atMs, access };
  }

  async #sign<K extends Kind>(kind: K, value: MessageOf<K>): Promise<Signed<K>> {
    try {
      return await signHashed(this.#signer, kind, value, this.#self.domain);
    } catch (cause) {
      throw new SigningFailed(kind, cause);
    }
  }

  #open<K extends Kind>(signed: Signed<K>, atMs: bigint): ReturnType<typeof openMessage> {
    const at = unixSeconds(uint(atMs, 64, "atMs") / 1_000n);
    return openMessage(signed, this.#self.domain, at, this.#reader, this.#recover);
  }
}
