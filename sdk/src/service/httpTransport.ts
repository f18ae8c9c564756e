/// <reference types="node" />
import type { AttestationPost } from "../actions/postAttestation.js";
import { YellowstoneError } from "../errors/base.js";
import { TransportFailed } from "../errors/quorum.js";
import { parseMessage, serializeMessage, type Domain, type Signed } from "../messages/index.js";
import {
  parseEvidence,
  parseProposal,
  serializeProposal,
  type Announcement,
  type BlockEvidence,
  type Proposal,
  type QuorumPeer,
  type Refusal,
  type Transport,
} from "../quorum/index.js";
import { readRecord } from "../messages/parse.js";
import { readList } from "../quorum/evidenceCodec.js";
import type { Address } from "../units/index.js";
import { parseAttestationPost } from "./attestationJson.js";
import { send, type Answer, type RetryOptions } from "./httpClient.js";
import type { RequestKey } from "./keys.js";
import { parseRefusal } from "./refusalJson.js";
import { signRequest } from "./requestAuth.js";

/** What routers reach each other by over HTTP: the quorum's transport, and what a router that was away asks for. */
export interface RouterTransport extends Transport {
  /** Ask a router for a proposal of a seq that it has seen. @throws TransportFailed */
  fetchProposals(router: Address, seq: bigint, signal: AbortSignal): Promise<readonly Proposal[]>;
  /** Ask a router for an attestation that has its quorum; undefined when it has none. @throws TransportFailed */
  fetchAttestation(router: Address, seq: bigint, signal: AbortSignal): Promise<Required<AttestationPost> | undefined>;
}

/** How a router, or a watcher, reaches the routers. */
export interface HttpTransportOptions {
  /** A router's own key, or one that the routers know as a watcher's: that one may fetch blocks and proposals. */
  readonly key: RequestKey;
  readonly domain: Domain;
  /** Base URLs of the other routers, without a slash at the end. */
  readonly peers: ReadonlyMap<Address, string>;
  /**
   * This router itself: asked without HTTP. Left out by who is none, or has no blocks of its own; `coSign` by who hands its own
   * signature to `collectSignatures`.
   */
  readonly self?: Pick<QuorumPeer, "blocksAfter"> & Partial<Pick<QuorumPeer, "coSign">>;
  readonly maxAnswerBytes: number;
  /** Milliseconds until an announcement is given up; 5,000. */
  readonly announceMs?: number;
  readonly retry?: RetryOptions;
  /** Milliseconds since 1970; the system's clock when left out. */
  readonly now?: () => bigint;
}

/** Most blocks in one answer. */
export const MAX_BLOCKS_AT_ONCE = 64;

/** Create the transport of a router. Every request is signed by the router's key: see `signRequest`. */
export function createHttpTransport(options: HttpTransportOptions): RouterTransport {
  return new HttpTransport(options);
}

class HttpTransport implements RouterTransport {
  readonly #options: HttpTransportOptions;

  constructor(options: HttpTransportOptions) {
    this.#options = options;
  }

  async requestSignature(
    router: Address,
    proposal: Proposal,
    signal: AbortSignal,
  ): Promise<Signed<"Attestation"> | Refusal> {
    const self = this.#selfAs(router);
    if (self?.coSign !== undefined) return self.coSign(proposal);
    const answer = await this.#ask(router, "POST", "/v1/quorum/signatures", signal, serializeProposal(proposal));
    return this.#parse(router, answer, (json) =>
      hasField(json, "status") ? parseRefusal(json) : parseMessage("Attestation", json),
    );
  }

  async fetchBlocks(router: Address, aboveHeight: bigint, signal: AbortSignal): Promise<readonly BlockEvidence[]> {
    const self = this.#selfAs(router);
    if (self !== undefined) return self.blocksAfter(aboveHeight);
    // Heights are counted from -1, which stands for "before the first".
    const answer = await this.#ask(router, "GET", `/v1/quorum/blocks?from=${aboveHeight + 1n}`, signal);
    return this.#parse(router, answer, (json) => {
      const { blocks } = readRecord(json, "answer", ["blocks"]);
      const evidence = readList(blocks, "answer.blocks", MAX_BLOCKS_AT_ONCE).map((block) => parseEvidence(block));
      const foreign = evidence.find(({ block }) => block.value.router !== router);
      if (foreign !== undefined) throw new TransportFailed(router, `shows a block of ${foreign.block.value.router}`);
      return evidence;
    });
  }

  announce(announcement: Announcement): void {
    const json =
      announcement.kind === "bid"
        ? { kind: "bid", bid: serializeMessage(announcement.bid) }
        : { kind: "accepted", proposal: serializeProposal(announcement.proposal) };
    for (const router of this.#options.peers.keys()) {
      if (router === this.#options.key.address) continue;
      const signal = AbortSignal.timeout(this.#options.announceMs ?? 5_000);
      this.#ask(router, "POST", "/v1/quorum/announcements", signal, json).catch(() => undefined);
    }
  }

  async fetchProposals(router: Address, seq: bigint, signal: AbortSignal): Promise<readonly Proposal[]> {
    const answer = await this.#ask(router, "GET", `/v1/quorum/proposals/${seq}`, signal);
    return this.#parse(router, answer, (json) => {
      const { proposals } = readRecord(json, "answer", ["proposals"]);
      return readList(proposals, "answer.proposals", 64).map(parseProposal);
    });
  }

  async fetchAttestation(router: Address, seq: bigint, signal: AbortSignal) {
    const answer = await this.#ask(router, "GET", `/v1/attestations/${seq}`, signal);
    return answer.status === 404 ? undefined : this.#parse(router, answer, parseAttestationPost);
  }

  #selfAs(router: Address): HttpTransportOptions["self"] {
    const { self, key } = this.#options;
    return router === key.address ? self : undefined;
  }

  async #ask(router: Address, method: "GET" | "POST", path: string, signal: AbortSignal, json?: unknown) {
    const { key, domain, peers, maxAnswerBytes, retry, now = () => BigInt(Date.now()) } = this.#options;
    const base = peers.get(router);
    if (base === undefined) throw new TransportFailed(router, "no address is configured for it");
    const body = json === undefined ? undefined : JSON.stringify(json);
    const bytes = new TextEncoder().encode(body ?? "");
    const url = new URL(`${base}${path}`);
    const signed = { method, path: `${url.pathname}${url.search}`, body: bytes, to: router };
    const headers = (): Record<string, string> => signRequest(key, domain, signed, now());
    try {
      const request = { method, url: url.href, headers, signal, maxBytes: maxAnswerBytes };
      return await send(body === undefined ? request : { ...request, body }, retry);
    } catch (cause) {
      const reason =
        cause instanceof YellowstoneError ? cause.message : signal.aborted ? "no answer in time" : "unreachable";
      throw new TransportFailed(router, reason, cause);
    }
  }

  #parse<T>(router: Address, { status, json }: Answer, parse: (json: unknown) => T): T {
    if (status !== 200) throw new TransportFailed(router, `status ${status}${codeOf(json)}`);
    try {
      return parse(json);
    } catch (cause) {
      if (cause instanceof TransportFailed || !(cause instanceof YellowstoneError)) throw cause;
      throw new TransportFailed(router, cause.message, cause);
    }
  }
}

function hasField(json: unknown, name: string): boolean {
  return typeof json === "object" && json !== null && Object.hasOwn(json, name);
}

/** The code of a typed error in an answer, as far as it looks like one. */
function codeOf(json: unknown): string {
  const code: unknown = hasField(json, "code") ? (json as { code: unknown }).code : undefined;
  return typeof code === "string" && /^\w{1,64}$/.test(code) ? ` ${code}` : "";
}
