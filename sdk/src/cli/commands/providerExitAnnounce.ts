import { announceExit } from "../../actions/announceExit.js";
import { ownerCommand } from "../ownerCommand.js";
import { stepOf } from "../perform.js";
import { moment } from "../words.js";

/** `yellowstone provider exit announce`: the unbonding delay begins. */
export const providerExitAnnounce = ownerCommand({
  about: "Owner only, once, and it cannot be taken back. Credits stay claimable for ever; the id is never used again.",
  examples: ["provider exit announce --id 4 --keystore owner.json"],
  plan: (_context, _d, { id }) => ({
    steps: [
      stepOf(announceExit, { id }, `announce the exit of provider ${id}, which cannot be taken back`, ({ exitAt }) => ({
        json: { id, exitAt },
        text: `provider ${id} leaves: its bond can be withdrawn from ${moment(exitAt)} on, by provider exit withdraw --id ${id}`,
      })),
    ],
  }),
});
