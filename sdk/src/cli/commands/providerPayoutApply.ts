import { applyPayout } from "../../actions/applyPayout.js";
import { ownerCommand } from "../ownerCommand.js";
import { stepOf } from "../perform.js";

/** `yellowstone provider payout apply`: a proposed payout address into force. */
export const providerPayoutApply = ownerCommand({
  about: "Anyone may, once the change delay is over.",
  examples: ["provider payout apply --id 4 --keystore any.json"],
  plan: (_context, _d, { id, pendingPayout }) => ({
    steps: [
      stepOf(
        applyPayout,
        { id },
        `pay provider ${id} at ${pendingPayout?.to ?? "the proposed address"} from now on`,
        ({ from, to }) => ({
          json: { id, from, to },
          text: `provider ${id} is paid at ${to} now, no longer at ${from}`,
        }),
      ),
    ],
  }),
});
