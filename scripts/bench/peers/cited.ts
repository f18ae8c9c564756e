/** A figure that was published or measured elsewhere: shown beside ours, never mixed into rows or ratios. */
export interface Cited {
  readonly peer: string;
  readonly what: string;
  /** Public contract of the peer that does this. Which version of it the design measured is not recorded. */
  readonly contract: string;
  readonly gas: string;
  readonly source: string;
}

const PROTOTYPE = "design, sections 5 and 15: measured there on one EVM, not repeated here";

/** Peers whose bytecode no npm package carries. */
export const CITED: readonly Cited[] = [
  {
    peer: "Merkl",
    contract: "AngleProtocol/merkl-contracts, Distributor",
    what: "claim in a batch, per claim",
    gas: "43,000",
    source: PROTOTYPE,
  },
  {
    peer: "Merkl",
    contract: "AngleProtocol/merkl-contracts, Distributor",
    what: "claim of one",
    gas: "90,000 to 101,000",
    source: PROTOTYPE,
  },
  {
    peer: "x402",
    contract: "coinbase/x402, which contract is not recorded",
    what: "settlement in a batch, per payment",
    gas: "48,000",
    source: PROTOTYPE,
  },
  {
    peer: "Morpho URD",
    contract: "morpho-org/universal-rewards-distributor, UniversalRewardsDistributor",
    what: "claim of one (books no reserve)",
    gas: "53,000 to 61,000",
    source: PROTOTYPE,
  },
  {
    peer: "EigenLayer",
    contract: "Layr-Labs/eigenlayer-contracts, RewardsCoordinator",
    what: "claim of one",
    gas: "86,000 to 96,000",
    source: PROTOTYPE,
  },
  {
    peer: "Lumerin, the predecessor",
    contract: "MorpheusAIs/Morpheus-Lumerin-Node, SessionRouter",
    what: "session, open and close",
    gas: "747,000 to 869,000",
    source: PROTOTYPE,
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
