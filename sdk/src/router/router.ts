import { RouterUnknown } from "../errors/contract/routers.js";
import { InvalidPolicy } from "../errors/router.js";
import type { AttestationDraft, ChainLimits, ClosedBlock, Debit, EarnedReport, Head } from "../ledger/index.js";
import type { Domain, Erc1271Reader, Recover, Signed, TypedDataSigner } from "../messages/index.js";
import { createDirectCommitter } from "./apply.js";
import type { Identity } from "./matching.js";
import { address, unixSeconds, type Address, type Hash32, type Integer, type UnixSeconds } from "../units/index.js";
import type { Judged, Matched, Outcome, Queued, Rejected, Unreported, Unserved } from "./outcomes.js";
import type { RouterObserver } from "./observer.js";
import type { RouterPolicy } from "./policy.js";
import { quorumBytesOf, routerSetDigest, type RouterSet } from "./set.js";
import { SigningRouter, type QuorumShape } from "./signingRouter.js";
import { createRouterState, type RouterState } from "./state.js";

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
  /** Recovers signers, such as a pool of workers; in this thread when left out. */
  readonly recover?: Recover;
  /** Hears every step, so that other routers can be shown what this one did. */
  readonly observer?: RouterObserver;
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
  /** Sign the open match of an RFC again, for a user whose answer was lost. @throws RfcUnmatched, SigningFailed */
  matchOf(rfcHash: Hash32): Promise<Matched>;
  /** Judge a report signed by the query key of its match. @throws SignerMismatch and the errors of `requireReportable` */
  report(report: Signed<"InferenceReport">, atMs: bigint): Promise<Judged>;
  /** Sign the blocks that are complete. Heights without a report are closed by the next block that is signed. */
  closeBlocks(atMs: bigint): Promise<ClosedBlock[]>;
  /** Draft the next attestation from closed blocks; undefined when there is nothing to credit or debit. */
  propose(
    head: Head,
    allowanceUMor: bigint,
    atMs: bigint,
    limits?: ChainLimits,
    debits?: readonly Debit[],
  ): AttestationDraft | undefined;
  /**
   * Sign a draft of this router. It is bound to the draft before it signs: another attestation of the same seq is refused
   * until 60 seconds after the deadline of the first, or until a veto has dropped the root the first was built on.
   * @throws SeqAlreadySigned, DraftStale, SigningFailed
   */
  sign(draft: AttestationDraft): Promise<Signed<"Attestation">>;
  /** The draft this router is bound to under a seq, to sign, post or accept it after a restart. @throws DraftStale */
  boundDraft(seq: bigint): AttestationDraft | undefined;
  /** Take a draft as accepted on chain. @throws DraftStale */
  accepted(draft: AttestationDraft): void;
  /** Take accepted attestation `seq` and all after it back: they were vetoed, and their reports wait again. @throws VetoUnknown */
  vetoed(seq: bigint): void;
  /** Take attestations up to `seq` as active on chain: they can no longer be vetoed, and their reports are forgotten. */
  settled(seq: bigint): void;
  /** Take reports as paid by an attestation of several routers. @returns those of this router: no longer waiting */
  paid(reports: readonly EarnedReport[]): EarnedReport[];
  /** Take `paid` back after a veto, given what it returned: the reports wait again, in front of all others. */
  unpaid(own: readonly EarnedReport[]): void;
  /** Credits judged and not attested, in uMOR. */
  backlogUMor(): bigint;
  figures(): RouterFigures;
}

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
  const { self, quorum, emissionStart } = await identify(options);
  const state = options.state ?? createRouterState(self.policy, emissionStart);
  if (state.emissionStart !== emissionStart) {
    throw new InvalidPolicy("emissionStart", `${state.emissionStart}, as in the state`, emissionStart);
  }
  return new SigningRouter(options, { self, quorum, state, committer: createDirectCommitter(state, self) });
}

/** Check the options of a router and say who it is. @throws as `createRouter` */
export async function identify(
  options: RouterOptions,
): Promise<{ readonly self: Identity; readonly quorum: QuorumShape; readonly emissionStart: UnixSeconds }> {
  const { signer, domain, set, policy } = options;
  const routerSet = routerSetDigest(set);
  const router = address(await signer.getAddress(), "signer");
  const routers = set.routers.map(({ account }) => address(account));
  if (!routers.includes(router)) throw new RouterUnknown({ account: router });
  const emissionStart = unixSeconds(options.emissionStart);
  const quorum = { routerSet, quorumBytes: quorumBytesOf(set) };
  const { observer } = options;
  const self = { router, routers, domain, policy, ...(observer === undefined ? {} : { observer }) };
  return { self, quorum, emissionStart };
}
