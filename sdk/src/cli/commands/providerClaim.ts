import { setTimeout as sleep } from "node:timers/promises";
import { claim } from "../../actions/claim.js";
import { readProvider } from "../../actions/readProvider.js";
import type { Deployment } from "../../deployment/index.js";
import type { ClaimPlan, PlannedClaim } from "../../provider/index.js";
import { CHAIN_LIMITS } from "../../ledger/index.js";
import { CommandLineInvalid } from "../../errors/service.js";
import { InvalidField } from "../../errors/input.js";
import type { ProviderId } from "../../units/index.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import type { Command, Context } from "../command.js";
import { WRITE_OPTIONS, perform, stepOf, type Step, type Told } from "../perform.js";
import { SNAPSHOT_OPTIONS, openLedger } from "../snapshotFile.js";
import { amountJson, mor, morOfUMor, uMorJson } from "../words.js";

const WAIT_MS = 1_000;

/** `yellowstone provider claim`: what providers are due, in as few transactions as the chain takes. */
export const providerClaim: Command = {
  about:
    "Anyone may claim for anyone: each provider is paid at its own payout address. The proofs come from the ledger, rebuilt from " +
    "events and compared with the root on chain. With --mor-per-ether only what is worth its gas is claimed.",
  options: {
    id: { value: "N", about: "a provider, or several as 4,7,9", isMany: true },
    "mor-per-ether": { value: "MOR", about: "what 1 ether costs in MOR: then the fee is weighed against the payment" },
    "min-net": {
      value: "MOR",
      about: "claim only what pays so much more than it costs; needs --mor-per-ether; 0 without it",
    },
    chain: {
      value: "KIND",
      about: "whose limits cut the transactions: nitro or geth; nitro, the stricter, without it",
    },
    wait: { value: "SECONDS", about: "wait so long for something to claim" },
    ...CHAIN_OPTIONS,
    ...SNAPSHOT_OPTIONS,
    ...WRITE_OPTIONS,
  },
  examples: [
    "provider claim --id 4 --keystore any.json --yes",
    "provider claim --id 4,7,9 --mor-per-ether 2000 --dry-run",
  ],
  run(context) {
    const ids = context.args.needIds("id");
    const terms = termsOf(context);
    return withChain(context, ({ d }) =>
      perform(context, d, async () => {
        // An id that nobody has is a mistake, and not a provider that is due nothing.
        for (const id of ids) await readProvider(d, id);
        const plan = await planWithin(context, d, ids, terms);
        return { steps: plan.calls.map((call) => stepFor(plan, call)), about: toldOf(plan) };
      }),
    );
  },
};

interface Terms {
  readonly waitMs: number;
  readonly morPerEtherWei: bigint | undefined;
  readonly minNetWei: bigint;
  readonly limits: (typeof CHAIN_LIMITS)[keyof typeof CHAIN_LIMITS];
}

function termsOf({ args }: Context): Terms {
  const morPerEtherWei = args.mor("mor-per-ether");
  const minNetWei = args.mor("min-net");
  if (minNetWei !== undefined && morPerEtherWei === undefined)
    throw new CommandLineInvalid("--min-net needs --mor-per-ether");
  const chain = args.text("chain") ?? "nitro";
  if (!Object.hasOwn(CHAIN_LIMITS, chain)) {
    throw new InvalidField("--chain", Object.keys(CHAIN_LIMITS).join(" or "), chain);
  }
  const waitMs = Number(args.count("wait", 0n, 86_400n) ?? 0n) * 1_000;
  return {
    waitMs,
    morPerEtherWei,
    minNetWei: minNetWei ?? 0n,
    limits: CHAIN_LIMITS[chain as keyof typeof CHAIN_LIMITS],
  };
}

/** Plan, again and again while there is time and nothing to claim. */
async function planWithin(
  context: Context,
  d: Deployment,
  ids: readonly ProviderId[],
  terms: Terms,
): Promise<ClaimPlan> {
  const end = performance.now() + terms.waitMs;
  for (;;) {
    const plan = await planFor(context, d, ids, terms);
    if (plan.calls.length > 0 || performance.now() + WAIT_MS > end) return plan;
    context.print.progress("waiting for something to claim");
    await sleep(WAIT_MS);
  }
}

async function planFor(
  context: Context,
  d: Deployment,
  ids: readonly ProviderId[],
  { morPerEtherWei, minNetWei, limits }: Terms,
): Promise<ClaimPlan> {
  const client = await openLedger(context, d, ids);
  if (morPerEtherWei === undefined) return client.plan({ limits });
  return client.planAtPresentFee({ morPerEtherWei, minNetWei, limits });
}

function stepFor({ seq }: ClaimPlan, { args, ids, others, dueUMor }: PlannedClaim): Step {
  const beside = others.length === 0 ? "" : ` and ${others.length} on the way`;
  const title = `claim ${morOfUMor(dueUMor)} for ${listed(ids)}${beside}, from attestation ${seq}`;
  return stepOf(claim, args, title, ({ paidUMor, payments, failed }) => ({
    json: {
      seq,
      ...uMorJson("paid", paidUMor),
      payments: payments.map(({ id, amountUMor }) => ({ id, ...uMorJson("amount", amountUMor) })),
      failed: failed.map(({ id, payout, amountUMor }) => ({ id, payout, ...uMorJson("amount", amountUMor) })),
    },
    text: [
      `paid ${morOfUMor(paidUMor)}`,
      ...payments.map(({ id, amountUMor }) => `  provider ${id}  ${morOfUMor(amountUMor)}`),
      ...failed.map(
        ({ id, payout, amountUMor }) =>
          `  provider ${id}  ${morOfUMor(amountUMor)} cannot be paid at ${payout}: it stays owed`,
      ),
    ].join("\n"),
  }));
}

function toldOf({ seq, calls, left, dueUMor, feeWei, netWei }: ClaimPlan): Told {
  const why = { nothingDue: "nothing is due", belowFee: "less is due than the claim would cost" };
  return {
    json: {
      seq,
      ...uMorJson("due", dueUMor),
      ...amountJson("expectedFee", feeWei),
      ...amountJson("net", netWei),
      planned: calls.map(({ ids, others, gas, bytes }) => ({ ids, others, gas, bytes })),
      left: left.map(({ id, dueUMor: due, reason }) => ({ id, ...uMorJson("due", due), reason })),
    },
    text: [
      ...(calls.length === 0 ? ["nothing to claim"] : []),
      ...(feeWei > 0n ? [`due ${morOfUMor(dueUMor)}, expected fee ${mor(feeWei)}, net ${mor(netWei)}`] : []),
      ...left.map(
        ({ id, dueUMor: due, reason }) => `provider ${id}: ${why[reason]}${due > 0n ? ` (${morOfUMor(due)})` : ""}`,
      ),
    ].join("\n"),
  };
}

function listed(ids: readonly ProviderId[]): string {
  const shown = ids.slice(0, 8).join(", ");
  return `provider ${shown}${ids.length > 8 ? ` and ${ids.length - 8} more` : ""}`;
}
