import { CommandLineInvalid } from "../../errors/service.js";
import { InvalidField } from "../../errors/input.js";
import {
  hashMessage,
  KINDS,
  serializeMessage,
  serializeValue,
  signMessage,
  type Attestation,
} from "../../messages/index.js";
import type { Deployment } from "../../deployment/index.js";
import { isPosted, readAttestationView, reasonsAgainst } from "../attestationChecks.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import { EXIT, type Command, type Context } from "../command.js";
import { confirm } from "../confirm.js";
import { readInput } from "../inputFile.js";
import { domainOf, parseUnsigned, type UnsignedInput } from "../messageFile.js";
import { KEY_OPTIONS, openMessageSigner } from "../sender.js";
import { pairs, mor, moment } from "../words.js";

/** `yellowstone router sign`: a signature by a router's key. */
export const routerSign: Command = {
  positionals: "[FILE]",
  maxPositionals: 1,
  about:
    "Reads JSON from FILE or standard input: a proposal, {kind, value}, or a value with --kind; bigints are decimal strings. " +
    "An attestation is compared with the chain first and refused if it could not be posted; its work is not done again: a " +
    "running router does that. A second attestation of one seq is evidence against who signs it.",
  options: {
    kind: { value: "KIND", about: `what the value is: ${KINDS.join(", ")}` },
    "dry-run": { about: "show what would be signed, with its digest, and sign nothing" },
    yes: { about: "sign without a question; attestations and slash orders need it where nobody can be asked" },
    ...CHAIN_OPTIONS,
    ...KEY_OPTIONS,
  },
  examples: [
    "router sign proposal.json --keystore router.json",
    "router sign --kind Bid --key-env OWNER_KEY < bid.json",
  ],
  async run(context) {
    const input = parseUnsigned(await readInput(context), context.args.text("kind"));
    return withChain(context, async ({ d, provider }) => {
      const { print, args } = context;
      const domain = domainOf(d, input.kind);
      const hash = hashMessage(input.kind, input.value, domain);
      const reasons = await refusalsOf(d, input);
      if (reasons.length > 0) throw new InvalidField(input.kind, "what the chain takes next", reasons.join("; "));
      if (args.flag("dry-run")) {
        const json = { dryRun: true, kind: input.kind, hash, domain, value: serializeValue(input.kind, input.value) };
        print.result(json, `${textOf(input, hash)}\nnothing was signed (dry run)`);
        return EXIT.done;
      }
      const signer = await openMessageSigner(context, provider);
      print.note(textOf(input, hash));
      await agree(context, input);
      const signed = await signMessage(signer, input.kind, input.value, domain);
      const json = serializeMessage(signed);
      // The signed message is the result, for a program and for a person: it is what the next one takes.
      print.result(json, JSON.stringify(json, undefined, 2));
      return EXIT.done;
    });
  },
};

async function refusalsOf(d: Deployment, { kind, value }: UnsignedInput): Promise<string[]> {
  if (kind !== "Attestation") return [];
  const attestation = value as Attestation;
  const view = await readAttestationView(d, attestation.seq);
  if (isPosted(attestation, view)) return ["it is on chain already"];
  return reasonsAgainst(attestation, view);
}

/** What reserves or takes MOR is asked about; a person can be asked about the rest by reading it. */
async function agree(context: Context, { kind }: UnsignedInput): Promise<void> {
  if (kind === "Attestation" || kind === "SlashOrder") {
    if (context.args.positionals[0] === undefined && !context.args.flag("yes")) {
      throw new CommandLineInvalid(`a ${kind} from standard input needs --yes: nobody can be asked there`);
    }
    await confirm(context, `sign this ${kind}`);
  }
}

function textOf({ kind, value }: UnsignedInput, hash: string): string {
  const rows = Object.entries(value).map(([name, field]): [string, string] => [name, fieldText(name, field)]);
  return pairs([["kind", kind], ...rows, ["digest", hash]]);
}

function fieldText(name: string, field: unknown): string {
  if (typeof field === "bigint" && name === "credited") return `${field} uMOR, ${mor(field * 10n ** 12n)}`;
  if (typeof field === "bigint" && name === "deadline") return `${field}, ${moment(field)}`;
  return String(field);
}
