import { expect } from "chai";
import { QuorumMissing } from "@yellowstone-compute/sdk/errors";
import { verifyMessage, type Signed } from "@yellowstone-compute/sdk/messages";
import {
  collectSignatures,
  memoryNetwork,
  parseEvidence,
  parseProposal,
  serializeEvidence,
  serializeProposal,
  type Proposal,
  type Refusal,
} from "@yellowstone-compute/sdk/quorum";
import { packQuorum } from "@yellowstone-compute/sdk/router";
import { unixSeconds, type Address } from "@yellowstone-compute/sdk/units";
import { NOON_MS, domain, owner } from "../router/world.js";
import {
  PRICE,
  keys,
  match,
  post,
  publish,
  serve,
  set3,
  show,
  threeNodes,
  userOf,
  viewAt,
  type Node,
} from "./world.js";

const later = NOON_MS + 24_000n;
const at = unixSeconds(later / 1_000n);

function through(text: unknown): unknown {
  return JSON.parse(JSON.stringify(text));
}

describe("several routers", () => {
  let nodes: Node[];
  let proposal: Proposal;
  beforeEach(async () => {
    nodes = await threeNodes();
    const blocks = [];
    for (const node of nodes) {
      await post(node, 1, 2n * PRICE);
      await post(node, 0, PRICE);
      for (const nth of [0, 1]) await serve(node, userOf(node, nth));
      blocks.push(...(await publish(node, later)));
    }
    for (const node of nodes) expect(await show(node, blocks)).to.deep.equal([]);
    const [proposer] = nodes;
    const next = proposer!.proposer.propose({ ...viewAt(later), at });
    proposal = next!.proposal;
  });

  it("merge their blocks, agree on one attestation and collect a quorum", async () => {
    expect(proposal.paidCount).to.equal(6);
    expect(proposal.attestation.credited).to.equal(6n * 80n);
    const network = memoryNetwork();
    const [first, ...others] = nodes;
    const peers = nodes.map((node) => {
      return network.join(node.key.address, {
        coSign: (asked) => node.coSigner.coSign(parseProposal(through(serializeProposal(asked))), viewAt(later)),
        blocksAfter: () => Promise.resolve([]),
        hear: () => undefined,
      });
    });
    const collected = await collectSignatures(proposal, {
      set: set3,
      domain,
      transport: peers[0]!,
      signal: AbortSignal.timeout(5_000),
      at,
    });
    expect(collected.signatures.size).to.be.at.least(2);
    expect(packQuorum(set3, collected.signatures).length).to.be.above(200);
    for (const node of nodes) {
      node.coSigner.accepted(proposal);
      expect(node.proposer.accepted(proposal)).to.have.length(6);
      expect(node.proposer.backlogUMor()).to.equal(0n);
    }
    const own = others[0]!.router;
    expect(first && own.backlogUMor()).to.equal(160n);
  });
});

void keys;
void match;
void owner;
void parseEvidence;
void serializeEvidence;
void verifyMessage;
void QuorumMissing;
export type { Signed, Refusal, Address };
