/** A figure that was published or measured elsewhere: shown beside ours, never mixed into rows or ratios. */
export interface Cited {
  readonly peer: string;
  readonly what: string;
  /** Public contract of the peer that does this. Which version of it the design measured is not recorded. */
  readonly contract: string;
  readonly gas: string;
  /** Address of the publication, or that none was seen. */
  readonly source: string;
}

/** Sections 5 and 15: measured there on one EVM. Nothing public that says the same was found, and it is not repeated here. */
const UNSEEN = "from design.md, source not seen";
const X402_SNAPSHOT =
  "https://github.com/x402-foundation/x402/blob/5dc34292c9381881c2f57e4d87ae14b59acc9cef/contracts/evm/snapshots/X402BatchSettlementGasTest.json";

/** Peers whose bytecode no npm package carries. */
export const CITED: readonly Cited[] = [
  {
    peer: "Merkl",
    contract: "AngleProtocol/merkl-contracts, Distributor",
    what: "claim in a batch, per claim",
    gas: "43,000",
    source: UNSEEN,
  },
  {
    peer: "Merkl",
    contract: "AngleProtocol/merkl-contracts, Distributor",
    what: "claim of one",
    gas: "90,000 to 101,000",
    source: UNSEEN,
  },
  {
    peer: "x402",
    contract: "which contract is not recorded",
    what: "settlement in a batch, per payment",
    gas: "48,000",
    source: UNSEEN,
  },
  // The call alone: neither the 21,000 of a transaction nor its calldata. A claim only books; the receiver is paid by a sweep.
  {
    peer: "x402",
    contract: "x402-foundation/x402, x402BatchSettlement",
    what: "claim of ten channels, per channel",
    gas: "19,204",
    source: `published: ${X402_SNAPSHOT} (claim_10_channels 192,043)`,
  },
  {
    peer: "x402",
    contract: "x402-foundation/x402, x402BatchSettlement",
    what: "sweep to one receiver, a token",
    gas: "31,204",
    source: `published: ${X402_SNAPSHOT} (settle_receiver_token)`,
  },
  {
    peer: "Morpho URD",
    contract: "morpho-org/universal-rewards-distributor, UniversalRewardsDistributor",
    what: "claim of one (books no reserve)",
    gas: "53,000 to 61,000",
    source: UNSEEN,
  },
  {
    peer: "EigenLayer",
    contract: "Layr-Labs/eigenlayer-contracts, RewardsCoordinator",
    what: "claim of one",
    gas: "86,000 to 96,000",
    source: UNSEEN,
  },
  {
    peer: "Lumerin, the predecessor",
    contract: "MorpheusAIs/Morpheus-Lumerin-Node, SessionRouter",
    what: "session, open and close",
    gas: "747,000 to 869,000",
    source: UNSEEN,
  },
];

/** The table as text. */
export function citedTable(): string {
  const lines = CITED.map(
    ({ peer, what, contract, gas, source }) =>
      `cited ${peer.padEnd(26)}${what.padEnd(38)}${gas.padStart(20)} gas  ${contract}; ${source}`,
  );
  return lines.join("\n");
}
