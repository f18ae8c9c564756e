/** A figure that was published or measured elsewhere: shown beside ours, never mixed into rows or ratios. */
export interface Cited {
  readonly peer: string;
  readonly what: string;
  readonly gas: string;
  readonly source: string;
}

const PROTOTYPE = "design, sections 5 and 15: measured there on one EVM, not repeated here";

/** Peers whose bytecode no npm package carries. */
export const CITED: readonly Cited[] = [
  { peer: "Merkl", what: "claim in a batch, per claim", gas: "43,000", source: PROTOTYPE },
  { peer: "Merkl", what: "claim of one", gas: "90,000 to 101,000", source: PROTOTYPE },
  { peer: "x402", what: "settlement in a batch, per payment", gas: "48,000", source: PROTOTYPE },
  { peer: "Morpho URD", what: "claim of one (books no reserve)", gas: "53,000 to 61,000", source: PROTOTYPE },
  { peer: "EigenLayer", what: "claim of one", gas: "86,000 to 96,000", source: PROTOTYPE },
  { peer: "Lumerin, the predecessor", what: "session, open and close", gas: "747,000 to 869,000", source: PROTOTYPE },
];

/** The table as text. */
export function citedTable(): string {
  const lines = CITED.map(
    ({ peer, what, gas, source }) => `cited ${peer.padEnd(26)}${what.padEnd(38)}${gas.padStart(20)} gas  ${source}`,
  );
  return lines.join("\n");
}
