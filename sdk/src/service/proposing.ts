import { AttestationSeqInvalid } from "../errors/contract/attestation.js";
import { SeqAlreadySigned } from "../errors/quorum.js";
import { QuorumMissing } from "../errors/router.js";
import type { Domain, Erc1271Reader, Signed } from "../messages/index.js";
import { collectSignatures, describeFinding, proposerOf, type ChainView, type Proposal } from "../quorum/index.js";
import { packQuorum, type RouterSet } from "../router/index.js";
import { unixSeconds, type Address } from "../units/index.js";
import type { Archive } from "./archive/archive.js";
import type { RouterTransport } from "./httpTransport.js";
import type { ServiceLog } from "./log.js";
import type { RouterMetrics } from "./metrics.js";
import type { QuorumNode } from "./quorumNode.js";

/** What proposing needs. */
export interface ProposingOptions {
  readonly node: QuorumNode;
  readonly archive: Archive;
  readonly transport: RouterTransport;
  readonly set: RouterSet;
  readonly self: Address;
  readonly domain: Domain;
  readonly reader: Erc1271Reader;
  readonly cadenceBlocks: number;
  /** Blocks a router has to see its proposal through before the next one tries. */
  readonly turnBlocks: number;
  readonly timeoutMs: number;
  readonly patienceMs: number;
  readonly log: ServiceLog;
  readonly metrics: RouterMetrics;
}

/** Seconds that posting may take: what expires sooner is not collected any more. */
const POSTING_SECONDS = 30n;

/**
 * Proposes in turns: attestation after attestation another router, and the next one when that one does not bring it to the
 * chain. A router that has signed a proposal of another sees that one through rather than sign a second.
 */
export class Proposing {
  readonly #options: ProposingOptions;

  constructor(options: ProposingOptions) {
    this.#options = options;
  }

  /** Whose turn it is: undefined while no attestation is due. */
  turnOf({ head }: ChainView): Address | undefined {
    const { set, cadenceBlocks, turnBlocks } = this.#options;
    const late = head.openBlock - head.nextBlock - BigInt(cadenceBlocks);
    if (late < 0n) return undefined;
    return proposerOf(set, head.lastSeq + 1n, late / BigInt(turnBlocks));
  }

  /**
   * Propose and collect a quorum, when it is this router's turn. The attestation then waits in the archive for whoever posts
   * it. @throws the errors of the chain and of the archive; never for a quorum that is missing
   */
  async take(view: ChainView): Promise<void> {
    const { node, archive, self, log } = this.#options;
    const { head } = view;
    if (head.lastSeq !== node.acceptedSeq || this.turnOf(view) !== self) return;
    const seq = head.lastSeq + 1n;
    if (this.#isGood(archive.attestation(seq), view)) return;
    const bound = await node.boundTo(seq);
    const proposal = this.#isGood(bound, view) ? bound : this.#draft(view);
    if (proposal === undefined) return;
    try {
      const own = await node.coSign(proposal, view);
      if ("status" in own) {
        log.warn({ seq: seq.toString(), findings: own.findings.map(describeFinding) }, "own proposal does not hold");
        return;
      }
      await this.#collect(proposal, own, view);
    } catch (error) {
      if (!(error instanceof SeqAlreadySigned) && !(error instanceof AttestationSeqInvalid)) throw error;
      log.debug({ seq: seq.toString(), code: error.code }, "bound to another proposal");
    }
  }

  #isGood(known: Pick<Proposal, "attestation"> | undefined, { head, chainAt, at }: ChainView): known is Proposal {
    if (known === undefined) return false;
    const { previousRoot, deadline, routerSet } = known.attestation;
    const latest = chainAt > at ? chainAt : at;
    return previousRoot === head.headRoot && routerSet === head.routerSet && deadline > latest + POSTING_SECONDS;
  }

  /** A new proposal, once the others have shown their blocks or have had the time to. */
  #draft(view: ChainView): Proposal | undefined {
    const { node, archive, set, patienceMs } = this.#options;
    const { openBlock } = view.head;
    const waits = set.routers.some(({ account }) => node.coSigner.heightOf(account) < openBlock - 1n);
    if (waits && !this.#isPatienceOver(openBlock, patienceMs)) return undefined;
    const drafted = node.proposer.propose(view);
    if (drafted === undefined) return undefined;
    archive.addProposal(drafted.proposal, node.digestOf(drafted.proposal));
    return drafted.proposal;
  }

  #patience: { readonly openBlock: bigint; readonly sinceMs: number } | undefined;

  #isPatienceOver(openBlock: bigint, patienceMs: number): boolean {
    if (this.#patience?.openBlock !== openBlock) this.#patience = { openBlock, sinceMs: performance.now() };
    return performance.now() - this.#patience.sinceMs >= patienceMs;
  }

  async #collect(proposal: Proposal, own: Signed<"Attestation">, view: ChainView): Promise<void> {
    const { node, archive, transport, set, domain, reader, timeoutMs, log, metrics } = this.#options;
    const seq = proposal.attestation.seq.toString();
    const end = metrics.quorums.startTimer();
    try {
      const { signatures, refusals } = await collectSignatures(proposal, {
        set,
        domain,
        transport,
        signal: AbortSignal.timeout(timeoutMs),
        at: unixSeconds(view.at),
        own,
        reader,
      });
      for (const [router, { findings }] of refusals) {
        log.warn({ seq, router, findings: findings.map(describeFinding) }, "outvoted");
      }
      const quorum = packQuorum(set, signatures);
      archive.addAttestation({ attestation: proposal.attestation, ...node.proposer.updateOf(proposal), quorum });
      log.info(
        { seq, signers: [...signatures.keys()], creditedUMor: proposal.attestation.credited.toString() },
        "quorum",
      );
    } catch (error) {
      if (!(error instanceof QuorumMissing)) throw error;
      metrics.missedQuorums.inc();
      log.warn({ seq, ...error.toJSON() }, "no quorum");
    } finally {
      end();
    }
  }
}
