import { withdrawBond } from "../../actions/withdrawBond.js";
import { ownerCommand } from "../ownerCommand.js";
import { stepOf } from "../perform.js";
import { amountJson, mor } from "../words.js";

/** `yellowstone provider exit withdraw`: the bond comes back. */
export const providerExitWithdraw = ownerCommand({
  about: "Owner only, after the unbonding delay. What the provider still owes is taken from the bond.",
  examples: ["provider exit withdraw --id 4 --keystore owner.json"],
  plan: (_context, _d, { id, bondWei, owner: to }) => ({
    steps: [
      stepOf(withdrawBond, { id }, `withdraw the bond of provider ${id}, ${mor(bondWei)}, to ${to}`, (outcome) => {
        const { owner, paidWei, coveredWei } = outcome;
        const debt = coveredWei === 0n ? "" : `; ${mor(coveredWei)} covered its debt`;
        return {
          json: { id, owner, ...amountJson("paid", paidWei), ...amountJson("covered", coveredWei) },
          text: `${mor(paidWei)} went back to ${owner}${debt}`,
        };
      }),
    ],
  }),
});
