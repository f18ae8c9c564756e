import { CommandLineInvalid } from "../../errors/service.js";
import { describeFinding } from "../../quorum/index.js";
import { startExporter } from "../../service/exporter.js";
import type { WatchStep } from "../../watch/index.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import { EXIT, type Command } from "../command.js";
import { evidenceOptions } from "../evidenceSources.js";
import type { Printer } from "../printer.js";
import { untilSignal } from "../untilSignal.js";
import { shownSteps, type ShownStep } from "../watchSteps.js";
import { duration, morOfUMor, uMorJson } from "../words.js";

/** `yellowstone watch`: what happens to a deployment, as it happens. */
export const watchCommand: Command = {
  about:
    "With evidence of the routers' blocks the work behind every attestation is done again, and what is wrong is said while it " +
    "can still be vetoed; without, attestations are shown and not judged. Alarms: vetoes, pauses, router sets, slashes, roles, " +
    "scheduled calls, the day's room, equivocation. JSON: one object a line, the last one the sum. Ends with 7 if an " +
    "attestation does not hold or a router signed twice. SIGINT ends it in order.",
  options: {
    once: { about: "end when everything until the newest block is told" },
    config: {
      value: "FILE",
      about: "a router's configuration: its policy and balances judge, its key and peers bring the blocks",
    },
    evidence: { value: "DIR", about: "blocks as JSON files instead of the peers'" },
    poll: { value: "MS", about: "between two looks at the chain; 4,000 without it" },
    confirmations: { value: "N", about: "blocks behind the newest that are left alone; 0 without it" },
    metrics: { value: "HOST:PORT", about: "export the deployment's figures for Prometheus there, under /metrics" },
    ...CHAIN_OPTIONS,
  },
  examples: ["watch --json", "watch --config watcher.json5 --once", "watch --metrics 9464"],
  run: (context) =>
    withChain(context, async ({ d }) => {
      const { args, print } = context;
      const pollMs = Number(args.count("poll", 50n, 3_600_000n) ?? 4_000n);
      const confirmations = Number(args.count("confirmations", 0n, 10_000n) ?? 0n);
      const follow = !args.flag("once");
      const listen = args.listen("metrics");
      if (listen !== undefined && !follow) throw new CommandLineInvalid("--metrics and --once exclude each other");
      const evidence = await evidenceOptions(context, d);
      if (evidence === undefined)
        print.note("attestations are shown and not judged: --config and --evidence are missing");
      const sum = new Sum();
      await untilSignal(async (signal) => {
        print.progress("reading events");
        const exporter =
          listen === undefined ? undefined : await startExporter(d, { ...listen, pollMs, confirmations });
        if (exporter !== undefined) {
          const url = `${exporter.url}/metrics`;
          print.result({ kind: "metrics", url }, `metrics at ${url}`);
        }
        const note = (step: WatchStep): void => exporter?.note(step);
        try {
          for await (const step of shownSteps(d, { follow, pollMs, confirmations, signal }, evidence, note)) {
            sum.add(step);
            tell(step, print);
          }
        } finally {
          await exporter?.stop();
        }
      });
      const { json, text } = sum;
      print.result({ kind: "end", ...json }, text);
      return sum.isGood ? EXIT.done : EXIT.findings;
    }),
};

/** What a watch has seen in all. */
class Sum {
  /** Newest word on each attestation: whether it holds. */
  readonly #attestations = new Map<bigint, boolean>();
  #alarms = 0;
  #claims = 0;
  #equivocations = 0;

  add(step: ShownStep): void {
    if (step.kind === "attestation") this.#attestations.set(step.seq, step.findings.length === 0);
    if (step.kind === "claim") this.#claims++;
    if (step.kind === "alarm") this.#alarms++;
    if (step.kind === "alarm" && step.alarm.kind === "equivocation") this.#equivocations++;
  }

  get #wrong(): bigint[] {
    return [...this.#attestations].filter(([, holds]) => !holds).map(([seq]) => seq);
  }

  get isGood(): boolean {
    return this.#wrong.length === 0 && this.#equivocations === 0;
  }

  get json(): object {
    const counts = { attestations: this.#attestations.size, claims: this.#claims, alarms: this.#alarms };
    return { isGood: this.isGood, wrong: this.#wrong, equivocations: this.#equivocations, ...counts };
  }

  get text(): string {
    const wrong = this.#wrong;
    const which = wrong.length === 0 ? "none does not hold" : `${wrong.join(", ")} do not hold`;
    return `${this.#attestations.size} attestations, ${which}; ${this.#claims} claims, ${this.#alarms} alarms`;
  }
}

function tell(step: ShownStep, print: Printer): void {
  switch (step.kind) {
    case "attestation": {
      const { seq, findings, creditedUMor, activeAt, secondsLeft, signers, isVerified } = step;
      const words = findings.map(describeFinding);
      const json = { kind: step.kind, seq, ...uMorJson("credited", creditedUMor), activeAt, secondsLeft };
      const state = words.length > 0 ? print.paint("does not hold", "red") : isVerified ? "holds" : "not judged";
      const left = secondsLeft > 0n ? `can be vetoed for ${duration(secondsLeft)}` : "active";
      const by = signers === undefined ? "" : `, signed by ${signers.join(", ")}`;
      return print.result(
        { ...json, signers: signers ?? null, isVerified, findings: words },
        [
          `attestation ${seq} ${state}: credits ${morOfUMor(creditedUMor)}, ${left}${by}`,
          ...words.map((word) => `  ${word}`),
        ].join("\n"),
      );
    }
    case "alarm": {
      const { kind: alarm, line, actBefore, blockNumber } = step.alarm;
      const json = { kind: step.kind, alarm, line, actBefore: actBefore ?? null, block: blockNumber };
      return print.result(json, `${print.paint("alarm", "yellow")}: block ${blockNumber}: ${line}`);
    }
    case "claim": {
      const { claimed, blockNumber, transactionHash } = step;
      const { seq, paidUMor, payments } = claimed;
      const paid = payments.map(({ id, amountUMor }) => ({ id, ...uMorJson("amount", amountUMor) }));
      const json = { kind: step.kind, seq, ...uMorJson("paid", paidUMor), payments: paid };
      return print.result(
        { ...json, block: blockNumber, transactionHash },
        `claim: block ${blockNumber}: ${morOfUMor(paidUMor)} paid to ${payments.length} providers, from attestation ${seq}`,
      );
    }
    case "steppedBack":
      return print.result(
        { kind: step.kind, block: step.blockNumber },
        `the chain was reorganised: what was said of blocks above ${step.blockNumber} is void`,
      );
    case "caughtUp":
      if (print.isJson) print.result({ kind: step.kind, block: step.blockNumber, pending: step.pending }, "");
      else print.progress(`block ${step.blockNumber}, ${step.pending} attestations can be vetoed`);
  }
}
