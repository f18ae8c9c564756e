import { TransportFailed } from "../errors/quorum.js";
import type { Signed } from "../messages/index.js";
import type { Address } from "../units/index.js";
import type { BlockEvidence } from "./evidence.js";
import type { Refusal } from "./findings.js";
import type { Proposal } from "./proposal.js";

/** What goes to every other router, without an answer. */
export type Announcement =
  { readonly kind: "bid"; readonly bid: Signed<"Bid"> } | { readonly kind: "accepted"; readonly proposal: Proposal };

/** What a router serves to the others. */
export interface QuorumPeer {
  /** Co-sign a proposal, or say what is wrong with it. */
  coSign(proposal: Proposal): Promise<Signed<"Attestation"> | Refusal>;
  /** Give the evidence of this router's blocks above a height, oldest first; as many as it likes to give at once. */
  blocksAfter(height: bigint): Promise<readonly BlockEvidence[]>;
  /** Hear an announcement. */
  hear(from: Address, announcement: Announcement): void;
}

/**
 * How routers reach each other. An implementation parses what it receives (`parseEvidence`, `parseProposal`,
 * `parseMessage`) before it passes it on, and knows who sent it; nothing of it is believed unverified.
 */
export interface Transport {
  /** Ask a router for its signature. @throws TransportFailed */
  requestSignature(router: Address, proposal: Proposal, signal: AbortSignal): Promise<Signed<"Attestation"> | Refusal>;
  /** Ask a router for its blocks above a height. @throws TransportFailed */
  fetchBlocks(router: Address, aboveHeight: bigint, signal: AbortSignal): Promise<readonly BlockEvidence[]>;
  /** Tell all other routers, as well as may be. Never throws. */
  announce(announcement: Announcement): void;
}

/** Routers of one process that reach each other directly: for tests and for a single operator. */
export interface MemoryNetwork {
  /** The transport of a router; `peer` serves the others from then on. */
  join(router: Address, peer: QuorumPeer): Transport;
  /** Take a router off the network: it answers nobody. */
  leave(router: Address): void;
}

/** Create a network without routers. */
export function memoryNetwork(): MemoryNetwork {
  const peers = new Map<Address, QuorumPeer>();
  const peerOf = (router: Address): QuorumPeer => {
    const peer = peers.get(router);
    if (peer === undefined) throw new TransportFailed(router, "not there");
    return peer;
  };
  return {
    join(self, peer) {
      peers.set(self, peer);
      return {
        requestSignature: async (router, proposal) => peerOf(router).coSign(proposal),
        fetchBlocks: async (router, aboveHeight) => peerOf(router).blocksAfter(aboveHeight),
        announce: (announcement) => {
          for (const [router, other] of peers) if (router !== self) other.hear(self, announcement);
        },
      };
    },
    leave: (router) => void peers.delete(router),
  };
}
