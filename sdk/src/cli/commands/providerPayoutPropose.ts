import { proposePayout } from "../../actions/proposePayout.js";
import type { Address } from "../../units/index.js";
import { CommandLineInvalid } from "../../errors/service.js";
import { ownerCommand } from "../ownerCommand.js";
import { stepOf } from "../perform.js";
import { moment } from "../words.js";

const NOBODY = `0x${"0".repeat(40)}` as Address;

/** `yellowstone provider payout propose`: another payout address, after the delay. */
export const providerPayoutPropose = ownerCommand({
  about:
    "Owner only. Claims go to the old address until the change is applied: claiming meanwhile is the rescue from a stolen key.",
  options: {
    to: { value: "ADDRESS", about: "the new payout address" },
    cancel: { about: "take a proposal back instead" },
  },
  examples: [
    "provider payout propose --id 4 --to 0x976E… --keystore owner.json",
    "provider payout propose --id 4 --cancel",
  ],
  plan({ args }, _, { id }) {
    const isCancelled = args.flag("cancel");
    if (isCancelled && args.flag("to")) throw new CommandLineInvalid("either --to or --cancel");
    const newPayout = isCancelled ? NOBODY : args.needAddress("to");
    const title = isCancelled
      ? `take back the proposed payout address of provider ${id}`
      : `propose ${newPayout} as payout address of provider ${id}`;
    return {
      steps: [
        stepOf(proposePayout, { id, newPayout }, title, ({ to, effectiveAt }) =>
          isCancelled
            ? { json: { id, to: null, effectiveAt: null }, text: `the proposal of provider ${id} is taken back` }
            : {
                json: { id, to, effectiveAt },
                text: `provider ${id} can be paid at ${to} from ${moment(effectiveAt)} on: then provider payout apply --id ${id}`,
              },
        ),
      ],
    };
  },
});
