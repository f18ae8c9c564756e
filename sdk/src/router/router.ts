import { SignerMismatch, SigningFailed } from "../errors/signature.js";
import type { AttestationDraft, ChainLimits, ClosedBlock, Head } from "../ledger/index.js";
import {
  openMessage,
  type Domain,
  type Erc1271Reader,
  type Kind,
  type MessageOf,
  type Signed,
} from "../messages/index.js";
import { signHashed, type TypedDataSigner } from "../messages/sign.js";
import { address, uint, unixSeconds, type Address, type Hash32, type Integer } from "../units/index.js";
import { InvalidPolicy, RouterUnknown } from "../errors/router.js";
import { takeBid } from "./bids.js";
import { backlogUMor, commitBlocks, commitDraft, draftAttestation, writeBlocks } from "./crediting.js";
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
import type { Judged, Matched, Outcome, Placement, Queued, Rejected, Unreported, Unserved } from "./outcomes.js";
import type { RouterPolicy } from "./policy.js";
import { packRouterSet, routerSetDigest, type RouterSet } from "./set.js";
import { createRouterState, momentOf, type RouterState } from "./state.js";

/** What a router is made of. */
export interface RouterOptions {
  readonly signer: TypedDataSigner;
  readonly domain: Domain;
  /** The routers in force; the signer is one of them. */
  readonly set: RouterSet;
  readonly policy: RouterPolicy;
  /** Zero of blocks and days, in Unix seconds. */
  readonly emissionStart: Integer;
  /** State to continue from; that of a router that has seen nothing when left out. */
  readonly state?: RouterState;
  /** Asks contract wallets; without it only plain keys are accepted. */
  readonly reader?: Erc1271Reader;
}

/** Figures of a router as of now. */
export interface RouterFigures {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** RFCs in the queue and matches without a report. */
  readonly waiting: number;
  readonly matched: number;
  readonly backlogUMor: bigint;
}

/**
 * The router's half of the protocol without clock and network (design.md sections 1 and 11): it verifies what others
 * sign, decides, and signs. It never sees a prompt or an answer and never sends a transaction. Moments are Unix
 * milliseconds and do not go back. Bad input is a typed error, or a rejection where an RFC must be counted, and leaves
 * the state as it was.
 */
export interface Router {
  readonly address: Address;
  /** Take a bid signed by the owner of the provider. @throws SignerMismatch, the errors of `verifyMessage` and of bids */
  postBid(bid: Signed<"Bid">, owner: Address, atMs: bigint): Promise<Hash32>;
  /** Match an RFC, or let it wait, or reject it with a reason. `balanceWei` is the user's MOR of the day. */
  admit(
    rfc: Signed<"Rfc">,
    circumstances: { readonly balanceWei: bigint; readonly atMs: bigint },
  ): Promise<Matched | Queued | Rejected | Unserved>;
  /** Do as `expire`, then give waiting RFCs to free providers, most MOR first. */
  pump(atMs: bigint): Promise<(Matched | Queued | Rejected | Unserved | Unreported)[]>;
  /** End RFCs and matches whose deadline has passed. */
  expire(atMs: bigint): (Unserved | Unreported)[];
  /** Give an RFC whose provider did not answer to the next bid. @throws MatchUnknown */
  unanswered(matchHash: Hash32, atMs: bigint): Promise<Matched | Queued | Rejected | Unserved>;
  /** Judge a report signed by the query key of its match. @throws SignerMismatch and the errors of `requireReportable` */
  report(report: Signed<"InferenceReport">, atMs: bigint): Promise<Judged>;
  /** Sign the blocks that are complete. Heights without a report are closed by the next block that is signed. */
  closeBlocks(atMs: bigint): Promise<ClosedBlock[]>;
  /** Draft the next attestation from closed blocks; undefined when there is nothing to credit. */
  propose(head: Head, allowanceUMor: bigint, atMs: bigint, limits?: ChainLimits): AttestationDraft | undefined;
  /** Sign a draft of this router. */
  sign(draft: AttestationDraft): Promise<Signed<"Attestation">>;
  /** Take a draft as accepted on chain. @throws DraftStale */
  accepted(draft: AttestationDraft): void;
  /** Credits judged and not attested, in uMOR. */
  backlogUMor(): bigint;
  figures(): RouterFigures;
}

/** Bytes of an ECDSA signature in a quorum, with its length; a contract router's is given the room of four. */
const SIGNATURE_BYTES = 67;

/**
 * Create a router.
 *
 * @example
 * const router = await createRouter({ signer, domain, set, policy: createPolicy({ accessOf }), emissionStart });
 * const placed = await router.admit(rfc, { balanceWei, atMs });
 * if (placed.status === "matched") send(placed.match, placed.bid.value.endpoint);
 * @throws RouterUnknown when the signer is not in the set; InvalidPolicy when the state counts from another start; the
 * errors of `packRouterSet`
 */
export async function createRouter(options: RouterOptions): Promise<Router> {
  const { signer, domain, set, policy } = options;
  const routerSet = routerSetDigest(set);
  const router = address(await signer.getAddress(), "signer");
  const routers = set.routers.map(({ account }) => address(account));
  if (!routers.includes(router)) throw new RouterUnknown(router);
  const emissionStart = unixSeconds(options.emissionStart);
  const state = options.state ?? createRouterState(policy, emissionStart);
  if (state.emissionStart !== emissionStart) {
    throw new InvalidPolicy("emissionStart", `${state.emissionStart}, as in the state`, emissionStart);
  }
  const quorumBytes = set.routers.reduce(
    (bytes, { isContract }) => bytes + SIGNATURE_BYTES * (isContract ? 4 : 1),
    packRouterSet(set).length + 4,
  );
  return new SigningRouter(options, { router, routers, domain, policy }, state, { routerSet, quorumBytes });
}

class SigningRouter implements Router {
  readonly #signer: TypedDataSigner;
  readonly #reader: Erc1271Reader | undefined;
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
    takeBid(this.#state, { signed: bid, value: bid.value, hash }, momentOf(this.#state, atMs));
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
    return this.#signPlacement(admitRfc(this.#state, this.#self, { rfc: rfc.value, rfcHash, balanceWei }, moment));
  }

  async pump(atMs: bigint): Promise<(Matched | Queued | Rejected | Unserved | Unreported)[]> {
    const moment = momentOf(this.#state, atMs);
    const ended = this.expire(atMs);
    const placed = matchWaiting(this.#state, this.#self, moment);
    return [...ended, ...(await Promise.all(placed.map((placement) => this.#signPlacement(placement))))];
  }

  expire(atMs: bigint): (Unserved | Unreported)[] {
    const moment = momentOf(this.#state, atMs);
    return [...expireWaiting(this.#state, moment), ...expireMatches(this.#state, moment)];
  }

  async unanswered(matchHash: Hash32, atMs: bigint): Promise<Matched | Queued | Rejected | Unserved> {
    const moment = momentOf(this.#state, atMs);
    const match = unmatch(this.#state, matchHash);
    recordJob(this.#state, match.value.modelId, match.value.providerId, "unanswered", moment);
    return this.#signPlacement(placeAgain(this.#state, this.#self, match, moment));
  }

  async report(report: Signed<"InferenceReport">, atMs: bigint): Promise<Judged> {
    const { policy } = this.#self;
    const match = requireReportable(this.#state, policy, report.value, momentOf(this.#state, atMs));
    const { hash, signer } = await this.#open(report, atMs);
    const { queryKey } = match.value;
    if (signer.toLowerCase() !== queryKey.toLowerCase()) throw new SignerMismatch(queryKey, signer);
    const verified = { report: report.value, reportHash: hash };
    return judgeReport(this.#state, policy, verified, momentOf(this.#state, atMs));
  }

  closeBlocks(atMs: bigint): Promise<ClosedBlock[]> {
    const closed = this.#closing.then(() => this.#closeBlocks(atMs));
    this.#closing = closed.catch(() => undefined);
    return closed;
  }

  propose(head: Head, allowanceUMor: bigint, atMs: bigint, limits?: ChainLimits): AttestationDraft | undefined {
    const input = { head, allowanceUMor, ...this.#quorum, ...(limits === undefined ? {} : { limits }) };
    return draftAttestation(this.#state, this.#self, input, momentOf(this.#state, atMs));
  }

  sign(draft: AttestationDraft): Promise<Signed<"Attestation">> {
    return this.#sign("Attestation", draft.attestation);
  }

  accepted(draft: AttestationDraft): void {
    commitDraft(this.#state, draft);
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

  /** Sign the match of a placement. When the signer fails the RFC waits again, and the provider is free. */
  async #signPlacement(placement: Placement): Promise<Matched | Queued | Rejected | Unserved> {
    if (placement.status !== "matched") return placement;
    const { rfcHash, matchHash, value, bid } = placement;
    try {
      return { status: "matched", rfcHash, matchHash, match: await this.#sign("Match", value), bid };
    } catch (delay) {
      if (!(delay instanceof SigningFailed)) throw delay;
      this.#state.queue.push(unmatch(this.#state, matchHash).waiting);
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
