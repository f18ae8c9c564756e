import { Rows, type Row } from "../rows.js";
import { enduranceRows } from "./endurance.js";
import { curveRows } from "./curves.js";
import { doorRows } from "./doors.js";
import { mainJobRows } from "./mainJob.js";
import { marketRows } from "./market.js";
import { pipelineRows } from "./pipeline.js";
import { treeRows } from "./tree.js";

/** Rates, memory, journal and restart of the SDK's router, the ledger's tree, the main job, and what the package weighs. */
export async function sdkSuite(reports: number): Promise<Row[]> {
  const rows = new Rows("sdk");
  await curveRows(rows);
  await pipelineRows(rows);
  marketRows(rows);
  await enduranceRows(rows, reports);
  // After the rows of memory: the peer's trees stay in the heap.
  await treeRows(rows);
  await doorRows(rows);
  await mainJobRows(rows);
  return rows.all;
}
