import { Rows } from "./rows.js"; import { enduranceRows } from "./sdk/endurance.js";
await enduranceRows(new Rows("sdk"), 1_000_000);
