import { cheapBid } from "./cheapBid.js";
import { collusion } from "./collusion.js";
import { gateFeeding } from "./gateFeeding.js";
import { stolenKeys } from "./stolenKeys.js";
import { sybils } from "./sybils.js";
import type { AttackTable } from "./table.js";

/** Every attack that is simulated. */
export function allAttacks(): AttackTable[] {
  return [stolenKeys(), collusion(), sybils(), gateFeeding(), cheapBid()];
}
