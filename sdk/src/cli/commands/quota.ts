import { archiveBalances } from "../../actions/archiveBalances.js";
import { DayBlocks } from "../../actions/dayBlock.js";
import { read } from "../../actions/read.js";
import { readRouterSet } from "../../actions/readRouterSet.js";
import { readState } from "../../actions/readState.js";
import { explainQuota, homeRouterOf } from "../../access/index.js";
import type { Deployment } from "../../deployment/index.js";
import { InvalidField } from "../../errors/input.js";
import { CommandLineInvalid } from "../../errors/service.js";
import { requestKeyOf } from "../../service/keys.js";
import { signRequest } from "../../service/requestAuth.js";
import { address, dayAt, type Address, type Hash32 } from "../../units/index.js";
import { urlOf } from "../arguments.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import { EXIT, type Command, type Context } from "../command.js";
import { RouterAnswered } from "../../errors/cli.js";
import { askRouter } from "../http.js";
import { KEY_OPTIONS, hasKey, keyOf } from "../sender.js";
import { amountJson } from "../words.js";

/** `yellowstone quota`: what a user may ask for today. */
export const quota: Command = {
  about:
    "With --router it asks that router, which knows the live bids; with the user's own key as well, it tells what was used " +
    "today. Without --router it calculates from the chain at the first block of the day, which needs a node with history, for " +
    "the price that --bid names.",
  options: {
    ...CHAIN_OPTIONS,
    user: { value: "ADDRESS", about: "whose quota; the key's account without it" },
    model: { value: "HASH", about: "id of the model, with --router" },
    router: { value: "URL", about: "router that is asked; YELLOWSTONE_ROUTER without it, unless --bid is given" },
    bid: { value: "WEI", about: "lowest live bid in wei of MOR for a token, without --router" },
    "used-mor": { value: "MOR", about: "what the user spent today, without --router; 0 when left out" },
    keystore: KEY_OPTIONS["keystore"]!,
    "password-file": KEY_OPTIONS["password-file"]!,
    "key-env": KEY_OPTIONS["key-env"]!,
  },
  examples: [
    "quota --router https://router.example --model 0x5d… --user 0x90F7…",
    "quota --user 0x90F7… --bid 1500000000000",
  ],
  async run(context) {
    const { args, around } = context;
    const bid = args.count("bid", 1n, 2n ** 255n);
    const fromEnv = around.env["YELLOWSTONE_ROUTER"];
    const router =
      args.url("router") ?? (bid === undefined && fromEnv ? urlOf(fromEnv, "YELLOWSTONE_ROUTER") : undefined);
    if (bid !== undefined && router !== undefined) throw new CommandLineInvalid("either --router or --bid");
    if (router !== undefined) return fromRouter(context, router);
    if (bid === undefined) throw new CommandLineInvalid("--router URL or --bid WEI is missing");
    return withChain(context, ({ d }) => fromChain(context, d, bid));
  },
};

async function fromRouter(context: Context, router: string): Promise<number> {
  const { args } = context;
  const model = args.hash("model");
  if (model === undefined) throw new CommandLineInvalid("--model HASH is missing");
  if (hasKey(context)) return withChain(context, ({ d }) => signed(context, d, router, model));
  return tell(context, args.needAddress("user"), router, model);
}

/** The user's own key shows what was used. */
async function signed(context: Context, d: Deployment, router: string, model: Hash32): Promise<number> {
  const bytes = await keyOf(context);
  if (bytes === undefined) throw new CommandLineInvalid("an external signer cannot sign requests to a router");
  const key = requestKeyOf(bytes);
  const user = context.args.address("user") ?? key.address;
  if (user !== key.address) return tell(context, user, router, model);
  const { head } = await readState(d);
  const { routers } = await readRouterSet(d);
  const to = address(
    homeRouterOf(
      user,
      dayAt(head.timestamp, d.emissionStart),
      routers.map(({ account }) => account),
    ),
  );
  const path = pathOf(user, model);
  const parts = {
    method: "GET",
    path: `${new URL(router).pathname.replace(/\/$/, "")}${path}`,
    body: new Uint8Array(),
    to,
  };
  return tell(context, user, router, model, () => signRequest(key, d.domain, parts, BigInt(Date.now())));
}

async function tell(
  { print }: Context,
  user: Address,
  router: string,
  model: Hash32,
  headers?: () => Record<string, string>,
): Promise<number> {
  print.progress("asking the router");
  const answer = await askRouter({
    url: `${router}${pathOf(user, model)}`,
    ...(headers === undefined ? {} : { headers }),
  });
  const { steps, ...figures } = (answer ?? {}) as { steps?: unknown };
  if (!Array.isArray(steps)) throw new RouterAnswered(200, "its answer is no quota");
  print.result({ user, model, source: "router", ...figures, steps: steps as string[] }, steps.join("\n"));
  return EXIT.done;
}

function pathOf(user: Address, model: Hash32): string {
  return `/v1/users/${user}/quota?model=${model}`;
}

async function fromChain({ args, print }: Context, d: Deployment, bid: bigint): Promise<number> {
  const user = args.needAddress("user");
  const usedWei = args.mor("used-mor") ?? 0n;
  const { emissionStart, provider } = d;
  print.progress("looking for the first block of the day");
  const { head } = await readState(d);
  const day = dayAt(head.timestamp, emissionStart);
  const source = { provider, emissionStart, fromBlock: d.deployedInBlock };
  const balances = archiveBalances({ ...source, token: d.addresses.token });
  const { blockNumber } = await new DayBlocks(source).firstOf(day);
  if ((await read(() => provider.getCode(d.addresses.compute, blockNumber))) === "0x") {
    throw new InvalidField("--from-block", "the block of the deployment: it is of today", source.fromBlock);
  }
  const [held, supply, { pool }] = await Promise.all([
    balances.balanceOf(user, day),
    balances.supplyOf(day),
    readState(d, blockNumber),
  ]);
  const input = { budgetWei: pool.budgetWei, balanceWei: held.amountWei, supplyWei: supply.amountWei };
  const { steps, shareWei, leftWei, usedWei: used, ...tokens } = explainQuota({ ...input, lowestBidWei: bid, usedWei });
  const json = {
    user,
    source: "chain",
    day,
    block: blockNumber,
    bidWei: bid,
    ...amountJson("budget", input.budgetWei),
    ...amountJson("balance", input.balanceWei),
    ...amountJson("supply", input.supplyWei),
    ...amountJson("share", shareWei),
    ...amountJson("used", used),
    ...amountJson("left", leftWei),
    ...tokens,
    steps,
  };
  print.result(json, [`Day ${day}, read at block ${blockNumber}.`, ...steps].join("\n"));
  return EXIT.done;
}
