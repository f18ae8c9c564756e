import type { Attested } from "../events/attested.js";
import type { AttestationsVetoed } from "../events/vetoed.js";
import { ResourceUnknown } from "../errors/service.js";
import { TransportFailed } from "../errors/quorum.js";
import type { Proposal } from "../quorum/index.js";
import type { ChainListener } from "./chainWatch.js";
import type { RouterCore } from "./core.js";
import type { ServiceLog } from "./log.js";
import type { PeerDesk } from "./peerDesk.js";

/** Tells a router what became of attestations on chain, whoever proposed and posted them. */
export class Settling implements ChainListener {
  readonly #core: RouterCore;
  readonly #peers: PeerDesk;
  readonly #timeoutMs: number;
  readonly #log: ServiceLog;
  /** When an attestation was last accepted, on the monotonic clock. */
  lastAcceptedMs = performance.now();

  constructor(core: RouterCore, peers: PeerDesk, timeoutMs: number, log: ServiceLog) {
    this.#core = core;
    this.#peers = peers;
    this.#timeoutMs = timeoutMs;
    this.#log = log;
  }

  /** @throws ResourceUnknown while nobody shows the proposal; DraftStale while blocks are missing that it pays */
  async attested(event: Attested): Promise<void> {
    const { node, archive, transport } = this.#core;
    if (event.seq <= node.acceptedSeq) return;
    const proposal = this.#known(event) ?? (await this.#asked(event));
    if (proposal === undefined) throw new ResourceUnknown(`the proposal of attestation ${event.seq}`);
    await Promise.all(proposal.through.map(({ router }) => this.#peers.follow(router)));
    await node.accepted(proposal);
    if (archive.attestation(event.seq) !== undefined) transport.announce({ kind: "accepted", proposal });
    this.lastAcceptedMs = performance.now();
    const { seq, creditedUMor, attestedUMor } = event;
    this.#log.info(
      { seq: seq.toString(), creditedUMor: creditedUMor.toString(), attestedUMor: attestedUMor.toString() },
      "accepted on chain",
    );
  }

  /** @throws VetoUnknown */
  async vetoed({ seq, lastDroppedSeq }: AttestationsVetoed): Promise<void> {
    // What was taken back already is in nobody's payments.
    if (this.#core.archive.paidBy(seq) === undefined) return;
    await this.#core.node.vetoed(seq);
    this.#log.warn({ seq: seq.toString(), lastDroppedSeq: lastDroppedSeq.toString() }, "vetoed");
  }

  #known(event: Attested): Proposal | undefined {
    return this.#core.archive.proposals(event.seq).find(({ proposal }) => isOf(proposal, event))?.proposal;
  }

  async #asked(event: Attested): Promise<Proposal | undefined> {
    const { set, self, transport } = this.#core;
    for (const { account } of set.routers) {
      if (account === self) continue;
      try {
        const shown = await transport.fetchProposals(account, event.seq, AbortSignal.timeout(this.#timeoutMs));
        const found = shown.find((proposal) => isOf(proposal, event));
        if (found !== undefined) return found;
      } catch (error) {
        if (!(error instanceof TransportFailed)) throw error;
      }
    }
    return undefined;
  }
}

/** Whether an attestation on chain is the one a proposal is for. */
function isOf({ attestation }: Proposal, event: Attested): boolean {
  return (
    attestation.seq === event.seq &&
    attestation.newRoot === event.newRoot &&
    attestation.lastBlock === event.lastBlock &&
    attestation.reportsRoot === event.reportsRoot &&
    attestation.debitsHash === event.debitsHash
  );
}
