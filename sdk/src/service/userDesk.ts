import { requireHomeRouter } from "../access/index.js";
import { SignerMismatch } from "../errors/signature.js";
import { YellowstoneError } from "../errors/base.js";
import { StaleBid } from "../errors/market.js";
import { openMessage, type Domain, type Signed } from "../messages/index.js";
import type { Judged, Matched, Queued, Rejected, Unserved } from "../router/index.js";
import { dayAt, unixSeconds, type Hash32 } from "../units/index.js";
import type { RouterCore } from "./core.js";
import { parseEndpoint, type Liveness } from "./liveness.js";

/** What a desk needs beside the router. */
export interface DeskOptions {
  readonly core: Pick<RouterCore, "router" | "node" | "days" | "owners" | "reader" | "transport" | "set" | "self">;
  readonly domain: Domain;
  readonly emissionStart: bigint;
  readonly liveness: Liveness;
  readonly allowPrivate: boolean;
}

/**
 * Takes what users and providers send. Signatures are checked before anything is looked up for a message, so that nobody
 * makes the router ask its chain for nothing.
 */
export class UserDesk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /**
   * Take a bid and tell the other routers of it.
   * @throws EndpointRefused, RegistryProviderUnknown and the errors of `Router.postBid`
   */
  async postBid(bid: Signed<"Bid">, atMs: bigint, tells = true): Promise<Hash32> {
    const { core, allowPrivate } = this.#options;
    if (!allowPrivate || tells) parseEndpoint(bid.value.endpoint);
    await this.#open(bid, atMs);
    const owner = await core.owners.ownerOf(bid.value.providerId);
    const bidHash = await core.router.postBid(bid, owner, atMs);
    await core.node.coSigner.noteBid(bid, atMs);
    if (tells) core.transport.announce({ kind: "bid", bid });
    return bidHash;
  }

  /** Take a bid that another router showed, unless a newer one is here. Bids that do not hold are passed over. */
  async hearBid(bid: Signed<"Bid">, atMs: bigint): Promise<void> {
    try {
      await this.postBid(bid, atMs, false);
    } catch (error) {
      if (!(error instanceof YellowstoneError)) throw error;
      if (error instanceof StaleBid) return;
      if (error.retry === "now") throw error;
    }
  }

  /** Match an RFC with a provider that answers. @throws what the balance source says */
  async admit(rfc: Signed<"Rfc">, atMs: bigint): Promise<Matched | Queued | Rejected | Unserved> {
    const { core, emissionStart } = this.#options;
    const { user } = rfc.value;
    const day = dayAt(atMs / 1_000n, emissionStart);
    if (!core.days.isRead(user, day)) {
      if (core.set.routers.length > 1) {
        requireHomeRouter(
          core.self,
          user,
          day,
          core.set.routers.map(({ account }) => account),
        );
      }
      await this.#open(rfc, atMs);
    }
    const balanceWei = await core.days.balanceWei(user, day);
    return this.settleOnLive(await core.router.admit(rfc, { balanceWei, atMs }));
  }

  /** Judge a report. @throws the errors of `Router.report` */
  report(report: Signed<"InferenceReport">, atMs: bigint): Promise<Judged> {
    return this.#options.core.router.report(report, atMs);
  }

  /**
   * Give an RFC whose provider left a query unanswered to the next one. The query shows that the caller holds the match's key.
   * @throws MatchUnknown, SignerMismatch and the errors of `verifyMessage`
   */
  async unanswered(query: Signed<"Query">, atMs: bigint): Promise<Matched | Queued | Rejected | Unserved> {
    const { router } = this.#options.core;
    const { matchHash } = query.value;
    const queryKey = router.queryKeyOf(matchHash);
    const { signer } = await this.#open(query, atMs);
    if (signer !== queryKey) throw new SignerMismatch(queryKey, signer);
    return this.settleOnLive(await router.unanswered(matchHash, atMs));
  }

  /** Pass over providers that do not answer, until one does or nobody is left. */
  async settleOnLive<T extends { readonly status: string }>(
    placed: T | Matched | Queued | Rejected | Unserved,
  ): Promise<T | Matched | Queued | Rejected | Unserved> {
    const { core, liveness } = this.#options;
    let next = placed;
    while (next.status === "matched") {
      const { bid, matchHash } = next as Matched;
      if (await liveness.isAlive(bid.value.endpoint)) return next;
      next = await core.router.unanswered(matchHash, BigInt(Date.now()));
    }
    return next;
  }

  #open<K extends "Bid" | "Rfc" | "Query">(signed: Signed<K>, atMs: bigint): ReturnType<typeof openMessage> {
    const { domain, core } = this.#options;
    return openMessage(signed, domain, unixSeconds(atMs / 1_000n), core.reader);
  }
}
