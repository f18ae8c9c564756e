import { Rows, type Row } from "../rows.js";
import { enduranceRows } from "./endurance.js";
import { marketRows } from "./market.js";
import { pipelineRows } from "./pipeline.js";

/** Rates, memory, journal and restart of the SDK's router. */
export async function sdkSuite(reports: number): Promise<Row[]> {
  const rows = new Rows("sdk");
  await pipelineRows(rows);
  marketRows(rows);
  await enduranceRows(rows, reports);
  return rows.all;
}
