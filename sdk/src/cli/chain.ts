/// <reference types="node" />
import { readFile } from "node:fs/promises";
import type { JsonRpcProvider } from "ethers";
import { publishedOn } from "../deployment/addresses.js";
import { connect, type Deployment, type KnownAddresses } from "../deployment/index.js";
import { ChainChanged } from "../errors/relayer.js";
import { CommandLineInvalid, ConfigInvalid } from "../errors/service.js";
import { openProvider } from "../service/chainAccess.js";
import { Section } from "../service/config/fields.js";
import type { Address } from "../units/index.js";
import { addressOf, urlOf } from "./arguments.js";
import type { Context, OptionSpecs } from "./command.js";

/** Options of a command that looks at a deployment. */
export const CHAIN_OPTIONS: OptionSpecs = {
  rpc: { value: "URL", about: "node of the chain; YELLOWSTONE_RPC without it" },
  deployment: {
    value: "FILE",
    about:
      "JSON with compute, lens and deployedInBlock, as npm run deploy prints it; YELLOWSTONE_DEPLOYMENT without it",
  },
  compute: {
    value: "ADDRESS",
    about: "the compute contract; YELLOWSTONE_COMPUTE without it, then the published deployment of the chain",
  },
  lens: { value: "ADDRESS", about: "the lens; YELLOWSTONE_LENS without it, then the published one of the chain" },
  "from-block": { value: "N", about: "block of the deployment, where its events begin; 0 without it" },
};

/** A person waits for the receipt. */
const POLL_MS = 500;

/** A deployment at the other end of a node. */
export interface OpenChain {
  readonly d: Deployment;
  readonly provider: JsonRpcProvider;
}

/**
 * Connect to the deployment that the options name, and let go of the node when `act` is over.
 * @throws CommandLineInvalid, ConfigInvalid, and the errors of `connect`
 */
export async function withChain<T>(context: Context, act: (chain: OpenChain) => Promise<T>): Promise<T> {
  const known = await deploymentOf(context);
  const url = rpcOf(context);
  context.print.progress("connecting");
  const provider = await openProvider(url);
  provider.pollingInterval = POLL_MS;
  try {
    const { chainId } = await provider.getNetwork();
    if (known.chainId !== undefined && known.chainId !== chainId) throw new ChainChanged(known.chainId, chainId);
    const addresses = withLens(known, chainId);
    const d = await connect({ runner: provider, ...(addresses === undefined ? {} : { addresses }) });
    return await act({ d, provider });
  } finally {
    provider.destroy();
  }
}

/** The node that is named. @throws CommandLineInvalid, InvalidField */
export function rpcOf({ args, around: { env } }: Context): string {
  const url = args.url("rpc");
  if (url !== undefined) return url;
  const text = env["YELLOWSTONE_RPC"];
  if (text === undefined || text === "")
    throw new CommandLineInvalid("--rpc URL is missing, and YELLOWSTONE_RPC is not set");
  return urlOf(text, "YELLOWSTONE_RPC");
}

interface Known {
  readonly chainId: bigint | undefined;
  readonly given: Partial<KnownAddresses>;
}

async function deploymentOf({ args, around: { env } }: Context): Promise<Known> {
  const path = args.text("deployment") ?? env["YELLOWSTONE_DEPLOYMENT"];
  const file = path === undefined || path === "" ? undefined : await readDeployment(path);
  const named = (option: string, variable: string): Address | undefined => {
    const text = env[variable];
    return args.address(option) ?? (text === undefined || text === "" ? undefined : addressOf(text, variable));
  };
  const compute = named("compute", "YELLOWSTONE_COMPUTE");
  const lens = named("lens", "YELLOWSTONE_LENS");
  const fromBlock = args.count("from-block", 0n, BigInt(Number.MAX_SAFE_INTEGER));
  return {
    chainId: file?.chainId,
    given: {
      // A compute contract that is named stands alone: the other addresses of a file are of another one.
      ...(compute === undefined || compute === file?.given.compute ? file?.given : { compute }),
      ...(lens === undefined ? {} : { lens }),
      ...(fromBlock === undefined ? {} : { deployedInBlock: Number(fromBlock) }),
    },
  };
}

/** Read the file that names a deployment. @throws ConfigInvalid */
export async function readDeployment(path: string): Promise<Known> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new ConfigInvalid("--deployment", "a file that can be read", path);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ConfigInvalid("--deployment", "a file of JSON", path);
  }
  const section = new Section(json, "deployment");
  const chainId = section.has("chainId") ? BigInt(section.count("chainId", 1, Number.MAX_SAFE_INTEGER)) : undefined;
  const others = (["bootstrap", "registry", "routers", "token", "schedule", "authority"] as const).flatMap((name) =>
    section.has(name) ? [[name, section.address(name)] as const] : [],
  );
  const given = {
    compute: section.address("compute"),
    lens: section.address("lens"),
    ...Object.fromEntries(others),
    ...(section.has("codeHash") ? { codeHash: section.hash("codeHash") } : {}),
    ...(section.has("deployedInBlock")
      ? { deployedInBlock: section.count("deployedInBlock", 0, Number.MAX_SAFE_INTEGER) }
      : {}),
  };
  section.end();
  return { chainId, given };
}

/** The lens holds nothing and serves every deployment of its chain: the published one will do. */
function withLens({ given }: Known, chainId: bigint): KnownAddresses | undefined {
  const { compute, lens = publishedOn(chainId)?.lens } = given;
  if (compute === undefined) {
    if (given.lens !== undefined) throw new CommandLineInvalid("--lens without --compute");
    return undefined;
  }
  if (lens === undefined)
    throw new CommandLineInvalid(`--lens ADDRESS is missing: none is published for chain ${chainId}`);
  return { ...given, compute, lens };
}
