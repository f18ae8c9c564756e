import { Rows, type Row } from "../rows.js";
import { BASELINES } from "./baselines.js";
import { citedTable } from "./cited.js";
import { ALLOCATION_EXCHANGE } from "./graph.js";
import { sideRows } from "./measure.js";
import { DF_REWARDS, ESCROW } from "./ocean.js";
import { OURS } from "./ours.js";
import { installPeers } from "./packages.js";
import { UNISWAP } from "./uniswap.js";
import { ZERO_G } from "./zeroG.js";

const PEERS = [UNISWAP, DF_REWARDS, ESCROW, ALLOCATION_EXCHANGE, ZERO_G];

/** Ours, plain baselines and the peers, one after the other on chains alike. */
export async function sideBySide(): Promise<Row[]> {
  const rows = new Rows("gas");
  for (const side of [OURS, ...BASELINES]) await sideRows(rows, side);
  const missing = installPeers();
  if (missing === undefined) for (const side of PEERS) await sideRows(rows, side);
  else console.log(`peers: ${missing}`);
  console.log(citedTable());
  return rows.all;
}
