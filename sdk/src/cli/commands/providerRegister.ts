import { readFile } from "node:fs/promises";
import { read } from "../../actions/read.js";
import { registerProvider } from "../../actions/registerProvider.js";
import { keccak256Hex } from "../../crypto/index.js";
import { CommandLineInvalid } from "../../errors/service.js";
import { ZERO_HASH, address, wei, type Hash32 } from "../../units/index.js";
import { approvalFor } from "../bondSteps.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import type { Command, Context } from "../command.js";
import { WRITE_OPTIONS, perform, stepOf } from "../perform.js";
import { amountJson, mor } from "../words.js";

/** `yellowstone provider register`: a provider with its bond. */
export const providerRegister: Command = {
  about:
    "Two transactions: the registry is allowed to take the bond, unless it is already, and takes it. The id that the provider " +
    "gets stays its own for ever.",
  options: {
    payout: { value: "ADDRESS", about: "where every payment goes; changed later only after a delay" },
    owner: { value: "ADDRESS", about: "who may change the record and bid; the sender without it" },
    bond: { value: "MOR", about: "bond in MOR; the least that is taken without it" },
    uri: { value: "URI", about: "where the provider's document stands; none without it" },
    metadata: { value: "FILE", about: "that document: its keccak256 is published" },
    "content-hash": { value: "HASH", about: "the same, where it is known already" },
    ...CHAIN_OPTIONS,
    ...WRITE_OPTIONS,
  },
  examples: [
    "provider register --payout 0x90F7… --bond 5 --keystore owner.json --yes",
    "provider register --payout 0x90F7… --from 0x15d3… --dry-run",
  ],
  async run(context) {
    const { args } = context;
    const payout = args.needAddress("payout");
    const givenOwner = args.address("owner");
    const givenBond = args.mor("bond");
    const metadata = { uri: args.text("uri") ?? "", contentHash: await contentHashOf(context) };
    return withChain(context, ({ d }) =>
      perform(context, d, async (sender) => {
        const owner = givenOwner ?? (sender === undefined ? undefined : address(sender));
        if (owner === undefined)
          throw new CommandLineInvalid("--owner or --from is missing: without a key nobody is the sender");
        const bondWei = givenBond ?? wei(await read(() => d.registry.minBondWei()));
        const title = `register a provider of ${owner}, paid to ${payout}, with a bond of ${mor(bondWei)}`;
        const register = stepOf(registerProvider, { owner, payout, bondWei, metadata }, title, (outcome) => ({
          json: { id: outcome.id, owner, payout, ...amountJson("bond", outcome.bondWei), metadata },
          text: `provider ${outcome.id} is registered: owner ${owner}, payout ${payout}, bond ${mor(outcome.bondWei)}`,
        }));
        return { steps: [...(await approvalFor(d, sender ?? owner, bondWei)), register], from: sender ?? owner };
      }),
    );
  },
};

async function contentHashOf({ args }: Context): Promise<Hash32> {
  const path = args.text("metadata");
  const given = args.hash("content-hash");
  if (path === undefined) return given ?? ZERO_HASH;
  if (given !== undefined) throw new CommandLineInvalid("either --metadata or --content-hash");
  const bytes = await readFile(path).catch(() => {
    throw new CommandLineInvalid(`--metadata: ${path} cannot be read`);
  });
  return keccak256Hex(bytes);
}
