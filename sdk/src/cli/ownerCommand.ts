import type { Deployment } from "../deployment/index.js";
import { readProvider, type Provider } from "../actions/readProvider.js";
import { CHAIN_OPTIONS, withChain } from "./chain.js";
import type { Command, Context, OptionSpecs } from "./command.js";
import { WRITE_OPTIONS, perform, type Plan } from "./perform.js";

/** A command that changes one provider's record. */
export interface OwnerCommandSpec {
  readonly about: string;
  readonly options?: OptionSpecs;
  readonly examples: readonly string[];
  /** What is to be sent for the provider. */
  readonly plan: (
    context: Context,
    d: Deployment,
    provider: Provider,
    sender: string | undefined,
  ) => Promise<Plan> | Plan;
}

/** Make a command that changes a provider's record; without a key a dry run is made as of its owner. */
export function ownerCommand({ about, options = {}, examples, plan }: OwnerCommandSpec): Command {
  return {
    about,
    options: { id: { value: "N", about: "the provider" }, ...options, ...CHAIN_OPTIONS, ...WRITE_OPTIONS },
    examples,
    run: (context) => {
      const id = context.args.needId("id");
      return withChain(context, ({ d }) =>
        perform(context, d, async (sender) => {
          const provider = await readProvider(d, id);
          return { from: provider.owner, ...(await plan(context, d, provider, sender)) };
        }),
      );
    },
  };
}
