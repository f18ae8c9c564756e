import { Rows } from "./rows.js";
import { seasonRows } from "./seasons.js";
await seasonRows(new Rows("gas"));
