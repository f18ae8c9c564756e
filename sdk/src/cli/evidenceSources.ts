/// <reference types="node" />
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { erc1271Reader } from "../actions/erc1271Reader.js";
import type { Deployment } from "../deployment/index.js";
import { InvalidField } from "../errors/input.js";
import { TransportFailed } from "../errors/quorum.js";
import { parseEvidence, type BlockEvidence, type Transport } from "../quorum/index.js";
import { createPolicy } from "../router/index.js";
import { Owners } from "../service/chainAccess.js";
import { readConfig, type RouterConfig } from "../service/config/config.js";
import { configuredDays } from "../service/core.js";
import { createHttpTransport } from "../service/httpTransport.js";
import { loadKey, routerKeyOf } from "../service/keys.js";
import { BLOCK_SECONDS, DAY_SECONDS, type Address } from "../units/index.js";
import type { WatchOptions } from "../watch/index.js";
import type { Context } from "./command.js";
import { configOf } from "./commands/routerRun.js";
import { readJsonFile } from "./inputFile.js";

type BlockSource = Pick<Transport, "fetchBlocks">;

/** What a watch needs to do the work of routers again; undefined when nothing names their evidence. @throws ConfigInvalid */
export async function evidenceOptions(context: Context, d: Deployment): Promise<WatchOptions | undefined> {
  const { args, around } = context;
  const path = args.text("config");
  const folder = args.text("evidence");
  if (path === undefined && folder === undefined) return undefined;
  const config = path === undefined ? withoutConfig(d) : await configOf(path);
  const days = await configuredDays({ config, env: around.env, d });
  const owners = new Owners(d);
  const source = folder === undefined ? await ofPeers(context, d, config) : ofFolder(folder);
  return {
    policy: createPolicy({ ...config.policy, accessOf: (day) => days.accessOf(day) }),
    balanceWei: (user, day) => days.balanceWei(user, day),
    isOwner: (id, signer) => owners.isOwner(id, signer),
    reader: erc1271Reader(d.provider),
    transport: {
      async fetchBlocks(router, above, signal) {
        const blocks = await source.fetchBlocks(router, above, signal);
        // Reviews ask for the figures of a day and do not wait: they are read ahead.
        for (const day of daysOf(blocks)) await days.prepare(day);
        return blocks;
      },
    },
  };
}

/** The settings that a router has by default. */
function withoutConfig(d: Deployment): RouterConfig {
  const { compute, lens } = d.addresses;
  const least = {
    chain: { rpcUrlEnv: "YELLOWSTONE_RPC" },
    deployment: { compute, lens },
    key: { env: "YELLOWSTONE_KEY" },
    journal: { path: "-" },
    archive: { path: "-" },
    balancesFromBlock: d.deployedInBlock,
  };
  return readConfig(JSON.stringify(least));
}

async function ofPeers(
  { around: { env } }: Context,
  { domain }: Deployment,
  config: RouterConfig,
): Promise<BlockSource> {
  const key = routerKeyOf(await loadKey(config.key, env));
  const { maxAnswerBytes } = config.quorum;
  const own = key.signer.address;
  const transport = createHttpTransport({ key: key.requests, domain, peers: config.peers, maxAnswerBytes });
  return {
    async fetchBlocks(router, above, signal) {
      // No router answers requests that its own key signed.
      if (router === own) throw new TransportFailed(own, "its blocks cannot be asked for with its own key");
      return transport.fetchBlocks(router, above, signal);
    },
  };
}

/** Evidence in files of a folder, each one block's or a list. */
function ofFolder(folder: string): BlockSource {
  return {
    async fetchBlocks(router: Address, above: bigint) {
      const names = await readdir(folder).catch(() => {
        throw new InvalidField("--evidence", "a folder that can be read", folder);
      });
      const blocks: BlockEvidence[] = [];
      for (const name of names.filter((each) => each.endsWith(".json"))) {
        const json = await readJsonFile(join(folder, name));
        for (const one of Array.isArray(json) ? (json as unknown[]) : [json]) blocks.push(parseEvidence(one));
      }
      return blocks
        .filter(({ block: { value } }) => value.router === router && value.height > above)
        .sort((a, b) => (a.block.value.height < b.block.value.height ? -1 : 1));
    },
  };
}

function daysOf(blocks: readonly BlockEvidence[]): Set<bigint> {
  const perDay = BigInt(DAY_SECONDS / BLOCK_SECONDS);
  return new Set(blocks.map(({ block: { value } }) => value.height / perDay));
}
