import { readState } from "../../actions/readState.js";
import { unixSeconds } from "../../units/index.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import { EXIT, type Command } from "../command.js";
import { readInput } from "../inputFile.js";
import { parseSigned } from "../messageFile.js";
import type { Printer } from "../printer.js";
import { verifySigned, type Verdict } from "../verifySigned.js";

/** `yellowstone router verify`: who signed, and what is wrong. */
export const routerVerify: Command = {
  positionals: "[FILE]",
  maxPositionals: 1,
  about:
    "Reads JSON from FILE or standard input: a signed message of any kind, a router's block, an attestation with its quorum, " +
    "or a list of them. Signatures are checked against the deployment's domain, routers against the set in force, owners " +
    "against the registry, attestations against the chain. Ends with 7 if anything is wrong.",
  options: {
    at: {
      value: "SECONDS",
      about: "moment at which deadlines are judged, in Unix seconds; the newest block's without it",
    },
    ...CHAIN_OPTIONS,
  },
  examples: [
    "router verify attestation.json",
    "curl -s https://router.example/v1/blocks/5 | yellowstone router verify",
  ],
  async run(context) {
    const { args, print } = context;
    const at = args.count("at", 0n, 2n ** 63n);
    const inputs = parseSigned(await readInput(context));
    return withChain(context, async ({ d }) => {
      const moment = at ?? (await readState(d)).head.timestamp;
      const verdicts: Verdict[] = [];
      for (const input of inputs) verdicts.push(await verifySigned(d, input, unixSeconds(moment)));
      const isGood = verdicts.every(({ findings }) => findings.length === 0);
      const messages = verdicts.map((verdict) => ({ isGood: verdict.findings.length === 0, ...verdict }));
      print.result({ isGood, messages }, verdicts.map((verdict) => textOf(verdict, print)).join("\n"));
      return isGood ? EXIT.done : EXIT.findings;
    });
  },
};

function textOf({ kind, hash, signers, findings, notes }: Verdict, print: Printer): string {
  const isGood = findings.length === 0;
  return [
    `${print.paint(isGood ? "holds" : "does not hold", isGood ? "green" : "red")}: ${kind} ${hash}`,
    ...signers.map((signer) => `  signed by ${signer}`),
    ...notes.map((note) => `  ${note}`),
    ...findings.map((finding) => `  wrong: ${finding}`),
  ].join("\n");
}
