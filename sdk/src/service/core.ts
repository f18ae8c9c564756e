/// <reference types="node" />
import { archiveBalances } from "../actions/archiveBalances.js";
import { erc1271Reader } from "../actions/erc1271Reader.js";
import type { Deployment } from "../deployment/index.js";
import { openRouter, openSqliteStorage, type JournaledRouter } from "../journal/index.js";
import type { Erc1271Reader } from "../messages/index.js";
import type { QuorumPeer } from "../quorum/index.js";
import { createPolicy, type RouterPolicy, type RouterSet } from "../router/index.js";
import { dayAt, type Address } from "../units/index.js";
import { Archive } from "./archive/archive.js";
import { keepRecorder } from "./archive/recording.js";
import { openProvider, Owners, readSets } from "./chainAccess.js";
import { ChainWatch } from "./chainWatch.js";
import type { RouterConfig } from "./config/config.js";
import { openDays, type Days } from "./days.js";
import { createHttpTransport, type RouterTransport } from "./httpTransport.js";
import { textOf, type Environment, type RouterKey } from "./keys.js";
import { QuorumNode } from "./quorumNode.js";
import type { VerifierPool } from "./verifierPool.js";

/** A router with all its parts, for one router set. */
export interface RouterCore {
  readonly self: Address;
  readonly set: RouterSet;
  readonly policy: RouterPolicy;
  readonly router: JournaledRouter;
  readonly node: QuorumNode;
  readonly archive: Archive;
  readonly days: Days;
  readonly owners: Owners;
  readonly watch: ChainWatch;
  readonly transport: RouterTransport;
  readonly reader: Erc1271Reader;
  /** Write everything that makes the next start quick, and let go of the files. */
  close(retainFromMs: bigint): Promise<void>;
  /** Let go of the files as they are. */
  abandon(): void;
}

/** What a core is opened from. */
export interface CoreParts {
  readonly config: RouterConfig;
  readonly env: Environment;
  readonly d: Deployment;
  readonly key: RouterKey;
  readonly nowMs: bigint;
  readonly pool: VerifierPool | undefined;
  /** Shows this router its own blocks as it shows them to the others; left out by who only looks. */
  readonly peer?: Pick<QuorumPeer, "blocksAfter">;
}

/** Read balances and budgets from the chains that a configuration names. */
export async function configuredDays({ config, env, d }: Pick<CoreParts, "config" | "env" | "d">): Promise<Days> {
  const others = await Promise.all(
    config.balances.map(async ({ rpcUrl, ...rest }) => {
      const provider = await openProvider(textOf(rpcUrl, env));
      return archiveBalances({ provider, emissionStart: d.emissionStart, ...rest });
    }),
  );
  return openDays(d, {
    fromBlock: config.balancesFromBlock,
    confirmations: config.chain.confirmations,
    others,
    ...(config.budgetWei === undefined ? {} : { maxBudgetWei: config.budgetWei }),
  });
}

/**
 * Open a router where its files left it, for the set that is in force.
 * @throws the errors of `openRouter`, `Archive.open`, `keepRecorder`, `QuorumNode.open` and of the chain
 */
export async function openCore(parts: CoreParts): Promise<RouterCore> {
  const { config, d, key, nowMs, pool, peer } = parts;
  const self = key.signer.address;
  const { emissionStart, domain } = d;
  const [{ set, earlierSets }, days] = await Promise.all([readSets(d), configuredDays(parts)]);
  await days.prepare(dayAt(nowMs / 1_000n, emissionStart));
  const policy = createPolicy({ ...config.policy, accessOf: (day) => days.accessOf(day) });
  const reader = erc1271Reader(d.provider);
  const owners = new Owners(d);
  const identity = { chainId: d.chainId, contract: d.addresses.compute, router: self, emissionStart };
  const journal = await openSqliteStorage(config.journal.path, config.journal);
  const opened: { close(): void }[] = [journal];
  try {
    const archive = await Archive.open(config.archive.path, identity);
    opened.push(archive);
    const { recorder, storage } = keepRecorder(journal, archive, config.archive.path, emissionStart);
    const shared = { signer: key.signer, domain, set, policy, emissionStart, reader };
    const { observer } = recorder;
    const recover = pool === undefined ? {} : { recover: pool.recover };
    const router = await openRouter({ ...shared, ...config.journal, ...recover, observer, storage });
    opened[0] = { close: () => router.abandon() };
    const node = await QuorumNode.open({
      ...shared,
      self,
      earlierSets,
      router,
      recorder,
      archive,
      balanceWei: (user, day) => days.balanceWei(user, day),
      isOwner: (id, signer) => owners.isOwner(id, signer),
    });
    const transport = createHttpTransport({
      key: key.requests,
      domain,
      peers: config.peers,
      ...(peer === undefined ? {} : { self: peer }),
      maxAnswerBytes: config.quorum.maxAnswerBytes,
    });
    const watch = new ChainWatch(d, archive, config.chain.confirmations);
    const close = async (retainFromMs: bigint): Promise<void> => {
      try {
        await node.save(retainFromMs);
        router.close();
      } finally {
        abandon();
      }
    };
    const abandon = (): void => {
      router.abandon();
      archive.close();
    };
    return { self, set, policy, router, node, archive, days, owners, watch, transport, reader, close, abandon };
  } catch (reason) {
    for (const each of opened) each.close();
    throw reason;
  }
}
