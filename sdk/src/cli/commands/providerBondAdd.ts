import { addBond } from "../../actions/addBond.js";
import { CommandLineInvalid } from "../../errors/service.js";
import { approvalFor } from "../bondSteps.js";
import { ownerCommand } from "../ownerCommand.js";
import { stepOf } from "../perform.js";
import { amountJson, mor } from "../words.js";

/** `yellowstone provider bond add`: more bond. */
export const providerBondAdd = ownerCommand({
  about: "Anyone may pay it. It comes back with the rest of the bond, to the owner, after an exit.",
  options: { amount: { value: "MOR", about: "what is added, in MOR" } },
  examples: ["provider bond add --id 4 --amount 2.5 --keystore owner.json"],
  async plan({ args }, d, { id, owner }, sender) {
    const amountWei = args.mor("amount");
    if (amountWei === undefined) throw new CommandLineInvalid("--amount MOR is missing");
    const add = stepOf(
      addBond,
      { id, amountWei },
      `add ${mor(amountWei)} to the bond of provider ${id}`,
      (outcome) => ({
        json: { id, ...amountJson("added", outcome.amountWei), ...amountJson("bond", outcome.bondWei) },
        text: `the bond of provider ${id} grew by ${mor(outcome.amountWei)} to ${mor(outcome.bondWei)}`,
      }),
    );
    return { steps: [...(await approvalFor(d, sender ?? owner, amountWei)), add] };
  },
});
