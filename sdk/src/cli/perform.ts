import type { UnsignedCall, Write } from "../actions/write.js";
import type { Deployment } from "../deployment/index.js";
import { EXIT, type Context, type OptionSpecs } from "./command.js";
import { confirm } from "./confirm.js";
import { callText, describeCall, type DescribedCall } from "./describeCall.js";
import { KEY_OPTIONS, hasKey, openSender, withRunner } from "./sender.js";
import { ether } from "./words.js";

/** Options of a command that sends transactions. */
export const WRITE_OPTIONS: OptionSpecs = {
  ...KEY_OPTIONS,
  "dry-run": { about: "show the call with its estimate and send nothing; needs no key" },
  yes: { about: "send without a question; without a terminal nothing is sent but with it" },
};

/** What a transaction did, for a program and for a person. */
export interface Told {
  readonly json: object;
  readonly text: string;
}

/** One transaction of a command, as it can be shown. */
export interface ShownStep {
  readonly verb: string;
  /** What it does, in the imperative. */
  readonly title: string;
  readonly call: (d: Deployment) => UnsignedCall;
}

/** One transaction of a command. */
export interface Step extends ShownStep {
  readonly send: (d: Deployment) => Promise<{ readonly receipt: Receipt; readonly told: Told }>;
}

type Receipt = {
  readonly hash: string;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
  readonly fee: bigint;
};

/** Make a step of a write: `tell` puts its outcome into words. */
export function stepOf<Args, Returned, Outcome>(
  write: Write<Args, Returned, Outcome>,
  args: Args,
  title: string,
  tell: (outcome: Outcome) => Told,
): Step {
  return {
    verb: write.verb,
    title,
    call: (d) => write.call(d, args),
    async send(d) {
      const { outcome, receipt } = await write.sendAndWait(d, args);
      return { receipt, told: tell(outcome) };
    },
  };
}

/** What is to be sent, or shown alone. */
export interface Plan<S extends ShownStep = Step> {
  readonly steps: readonly S[];
  /** Who has to send it, where that is one alone: a dry run without a key is made as of this account. */
  readonly from?: string | undefined;
  /** Figures beside the transactions, for both. */
  readonly about?: Told;
}

/**
 * Show or send the transactions of a plan, one after the other, each waited for and decoded.
 * @returns the exit code: `refused` for a dry run whose first call would fail
 * @throws ConfirmationMissing, and what `plan`, `openSender` and the writes say
 */
export async function perform(
  context: Context,
  d: Deployment,
  plan: (sender: string | undefined) => Promise<Plan>,
): Promise<number> {
  if (context.args.flag("dry-run")) return rehearse(context, d, plan);
  const signer = await openSender(context, d.provider);
  return carryOut(context, withRunner(d, signer), await plan(await signer.getAddress()));
}

/** Show the transactions of a plan, and send nothing. @returns as `perform` does for a dry run @throws as `perform` */
export async function rehearse(
  context: Context,
  d: Deployment,
  plan: (sender: string | undefined) => Promise<Plan<ShownStep>>,
): Promise<number> {
  const signer = hasKey(context) ? await openSender(context, d.provider) : undefined;
  const sender = signer === undefined ? context.args.address("from") : await signer.getAddress();
  return show(context, d, await plan(sender), sender);
}

async function show(
  { print }: Context,
  d: Deployment,
  { steps, from, about }: Plan<ShownStep>,
  sender: string | undefined,
): Promise<number> {
  const calls: DescribedCall[] = [];
  print.progress("estimating");
  for (const [i, step] of steps.entries()) {
    const described = await describeCall(d, step.call(d), sender ?? from);
    // What a later call needs is done by the ones in front of it: alone it may fail, and that says nothing.
    calls.push(i > 0 && described.failure !== undefined ? { ...described, failure: undefined } : described);
  }
  const json = {
    dryRun: true,
    from: sender ?? from ?? null,
    ...about?.json,
    calls: calls.map(({ failure, gas, feeWei, ...call }, i) => ({
      verb: steps[i]?.verb,
      ...call,
      gas: gas ?? null,
      feeWei: feeWei ?? null,
      failure: failure?.toJSON() ?? null,
    })),
  };
  const parts = steps.map(({ title }, i) => `${print.paint(title, "bold")}\n${callText(calls[i]!)}`);
  const text = [
    ...(about === undefined || about.text === "" ? [] : [about.text]),
    ...parts,
    "nothing was sent (dry run)",
  ].join("\n\n");
  print.result(json, text);
  return calls.some(({ failure }) => failure !== undefined) ? EXIT.refused : EXIT.done;
}

async function carryOut(context: Context, d: Deployment, { steps, about }: Plan): Promise<number> {
  const { print } = context;
  if (steps.length > 0 && about !== undefined && about.text !== "") print.note(about.text);
  if (steps.length > 0) await confirm(context, steps.map(({ title }) => title).join(", then "));
  const transactions: object[] = [];
  const texts: string[] = [];
  const say = (more: object) =>
    print.result({ dryRun: false, ...about?.json, transactions, ...more }, texts.join("\n"));
  for (const { verb, title, send } of steps) {
    print.progress(title);
    const { receipt, told } = await send(d).catch((error: unknown) => {
      // What was sent before it stays sent, and is told.
      if (texts.length > 0) say({ isComplete: false });
      throw error;
    });
    const { hash, blockNumber, gasUsed } = receipt;
    const feeWei = receipt.fee;
    transactions.push({ verb, hash, blockNumber, gasUsed, feeWei, outcome: told.json });
    texts.push(`${told.text}\n  transaction ${hash} in block ${blockNumber}, ${gasUsed} gas, ${ether(feeWei)}`);
  }
  if (texts.length > 0) say({ isComplete: true });
  else
    print.result({ dryRun: false, ...about?.json, transactions, isComplete: true }, about?.text ?? "nothing to send");
  return EXIT.done;
}
