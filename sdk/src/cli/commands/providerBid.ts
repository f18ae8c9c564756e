import { readProvider } from "../../actions/readProvider.js";
import { hashMessage, signMessage, serializeMessage, BidUnit, type Bid } from "../../messages/index.js";
import { CommandLineInvalid } from "../../errors/service.js";
import { unixSeconds, wei } from "../../units/index.js";
import { urlOf } from "../arguments.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import { EXIT, type Command, type Context } from "../command.js";
import { confirm } from "../confirm.js";
import { askRouter } from "../http.js";
import { KEY_OPTIONS, openMessageSigner } from "../sender.js";
import { moment, pairs } from "../words.js";

const UINT64 = 2n ** 64n - 1n;

/** `yellowstone provider bid`: a signed bid, handed to a router. */
export const providerBid: Command = {
  about:
    "A bid costs nothing and is no transaction. It is signed by the owner's key; one with a greater sequence takes the place of " +
    "an earlier one for the same model.",
  options: {
    id: { value: "N", about: "the provider" },
    model: { value: "HASH", about: "id of the model: 32 bytes" },
    price: { value: "WEI", about: "wei of MOR for one token" },
    endpoint: { value: "URL", about: "where users send their queries" },
    capacity: { value: "N", about: "queries that are answered at once; 1 without it" },
    hours: { value: "N", about: "how long the bid is good, in hours; 24 without it" },
    sequence: {
      value: "N",
      about: "greater than in any earlier bid for the model; the present moment in ms without it",
    },
    router: { value: "URL", about: "router that takes it; YELLOWSTONE_ROUTER without it" },
    "dry-run": { about: "sign nothing and show the bid" },
    yes: { about: "sign without a question" },
    ...CHAIN_OPTIONS,
    ...KEY_OPTIONS,
  },
  examples: [
    "provider bid --id 4 --model 0x5d… --price 1500000000000 --endpoint https://provider.example/v1 --router https://router.example",
  ],
  run: (context) =>
    withChain(context, async ({ d, provider }) => {
      const { args, print, around } = context;
      const value = bidOf(context);
      const router = args.url("router") ?? urlOf(around.env["YELLOWSTONE_ROUTER"] ?? "", "--router");
      const { owner } = await readProvider(d, value.providerId);
      const text = pairs([
        ["provider", `${value.providerId}, owner ${owner}`],
        ["model", value.modelId],
        ["price", `${value.priceWei} wei of MOR a token`],
        ["capacity", `${value.capacity}`],
        ["endpoint", value.endpoint],
        ["good until", moment(value.expiresAt)],
      ]);
      if (args.flag("dry-run")) {
        print.result({ dryRun: true, bid: value, router }, `${text}\nnothing was signed (dry run)`);
        return EXIT.done;
      }
      const signer = await openMessageSigner(context, provider);
      print.note(text);
      await confirm(context, `bid for provider ${value.providerId}`);
      const bid = await signMessage(signer, "Bid", value, d.domain);
      print.progress("handing it to the router");
      await askRouter({ url: `${router}/v1/bids`, body: serializeMessage(bid) });
      const hash = hashMessage("Bid", value, d.domain);
      print.result(
        { dryRun: false, bidHash: hash, router, bid: serializeMessage(bid) },
        `the router has taken bid ${hash}`,
      );
      return EXIT.done;
    }),
};

function bidOf({ args }: Context): Bid {
  const modelId = args.hash("model");
  const priceWei = args.count("price", 1n, UINT64);
  if (modelId === undefined) throw new CommandLineInvalid("--model HASH is missing");
  if (priceWei === undefined) throw new CommandLineInvalid("--price WEI is missing");
  const nowMs = BigInt(Date.now());
  const hours = args.count("hours", 1n, 24n * 365n) ?? 24n;
  return {
    providerId: args.needId("id"),
    modelId: modelId as Bid["modelId"],
    unit: BidUnit.T,
    priceWei: wei(priceWei),
    capacity: Number(args.count("capacity", 1n, 1_000_000n) ?? 1n),
    sequence: args.count("sequence", 1n, UINT64) ?? nowMs,
    validFromAt: unixSeconds(nowMs / 1_000n),
    expiresAt: unixSeconds(nowMs / 1_000n + hours * 3_600n),
    endpoint: urlOf(args.need("endpoint"), "--endpoint"),
  };
}
