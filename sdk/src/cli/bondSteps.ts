import { read } from "../actions/read.js";
import { approveBond } from "../actions/registerProvider.js";
import type { Deployment } from "../deployment/index.js";
import type { Wei } from "../units/index.js";
import { stepOf, type Step } from "./perform.js";
import { amountJson, mor } from "./words.js";

/** The approval that a bond needs; none where the registry may take it already. */
export async function approvalFor(d: Deployment, payer: string, bondWei: Wei): Promise<Step[]> {
  const approvedWei = await read(() => d.token.allowance(payer, d.addresses.registry));
  if (approvedWei >= bondWei) return [];
  return [
    stepOf(approveBond, { bondWei }, `allow the registry to take ${mor(bondWei)}`, () => ({
      json: amountJson("bond", bondWei),
      text: `the registry may take ${mor(bondWei)}`,
    })),
  ];
}
