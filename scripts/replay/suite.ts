import { rmSync } from "node:fs";
import { join } from "node:path";
import type { DeploymentParameters } from "@nomicfoundation/ignition-core";
import hre from "hardhat";
import {
  BidUnit,
  address,
  approveBond,
  bytesToHex,
  connect,
  keccak256,
  keccak256Text,
  localSigner,
  modelId,
  providerId,
  registerProvider,
  signMessage,
  uint,
  unixSeconds,
  wei,
  WEI_PER_MOR,
  type Address,
  type Deployment,
  type LocalSigner,
  type ModelId,
  type RouterSet,
  type Router,
} from "@yellowstone-compute/sdk";
import Yellowstone from "../../ignition/modules/YellowstoneWithTestMor.js";
import type { ReplayChain } from "./chain.js";
import type { ReplayInput } from "./input/index.js";
import { SCHEDULE, type ReplayPlan } from "./plan.js";
import type { Mint } from "./settlement.js";

/** Local defaults of design.md section 12. */
export const ACTIVATION_DELAY_SECONDS = 600n;
const MIN_BOND_WEI = wei(WEI_PER_MOR);
const BID_SECONDS = 86_400n;

/** A deployment, seen by the accounts that use it, and the registered providers. */
export interface ReplaySuite {
  readonly relayer: Deployment;
  readonly claimer: Deployment;
  readonly mint: Mint;
  readonly payouts: readonly Address[];
  readonly owners: readonly LocalSigner[];
  readonly models: readonly ModelId[];
}

/** A key of the replay, from a printed seed: worthless, and the same in every run. */
export function keyOf(seed: number, name: string): LocalSigner {
  return localSigner(bytesToHex(keccak256(new TextEncoder().encode(`yellowstone replay ${seed} ${name}`))));
}

/** Deploy by Ignition with a test token, and register every provider with its bond. */
export async function deploySuite(
  chain: ReplayChain,
  input: ReplayInput,
  set: RouterSet,
  seed: number,
): Promise<ReplaySuite> {
  const { initialWei, decreaseWei, startAt, intervalSeconds } = SCHEDULE;
  const { compute, lens, token } = await deployNew(chain, {
    Schedule: { initialWei, decreaseWei, startAt, intervalSeconds },
    Routers: { routers: set.routers.map((router) => ({ ...router })), threshold: set.threshold },
    Yellowstone: { activationDelaySeconds: ACTIVATION_DELAY_SECONDS, minBondWei: MIN_BOND_WEI },
  });
  await chain.sync();
  const [relayerAccount, claimerAccount] = await chain.signers();
  if (relayerAccount === undefined || claimerAccount === undefined) throw new Error("replay: the node has no accounts");
  const addresses = { compute: address(await compute.getAddress()), lens: address(await lens.getAddress()) };
  const relayer = await connect({ runner: relayerAccount, addresses });
  const claimer = await connect({ runner: claimerAccount, addresses });
  const mint: Mint = async (to, amountWei) => {
    const sent = await token.getFunction("mint").send(to, amountWei);
    const receipt = await sent.wait();
    if (receipt === null) throw new Error("replay: a mint was not mined");
    return { receipt };
  };

  const owners = input.providers.map((name) => keyOf(seed, `owner of ${name}`));
  const payouts = input.providers.map((name) => keyOf(seed, `payout of ${name}`).address);
  const allBondsWei = MIN_BOND_WEI * BigInt(owners.length);
  const payer = await claimerAccount.getAddress();
  await chain.transact(() => mint(payer, allBondsWei));
  await chain.transact(() => approveBond.sendAndWait(claimer, { bondWei: wei(allBondsWei) }));
  for (const [i, name] of input.providers.entries()) {
    const registration = {
      owner: owners[i]!.address,
      payout: payouts[i]!,
      bondWei: MIN_BOND_WEI,
      metadata: { uri: `provider:${name}`, contentHash: keccak256Text(name) },
    };
    await chain.transact(() => registerProvider.sendAndWait(claimer, registration));
  }
  return { relayer, claimer, mint, payouts, owners, models: input.models.map((name) => modelId(keccak256Text(name))) };
}

/** Every replay has a deployment of its own: on a separate node Ignition would go on with the last one from its journal. */
async function deployNew(chain: ReplayChain, parameters: DeploymentParameters) {
  const deploymentId = `replay-${process.pid}-${Date.now()}`;
  try {
    return await chain.connection.ignition.deploy(Yellowstone, { parameters, deploymentId });
  } finally {
    rmSync(join(hre.config.paths.ignition, "deployments", deploymentId), { recursive: true, force: true });
  }
}

/** Every provider signs its bids and posts them to the router. */
export async function postBids(
  router: Router,
  suite: ReplaySuite,
  input: ReplayInput,
  plan: ReplayPlan,
  capacity: number,
): Promise<void> {
  const atMs = plan.firstRequestAtMs;
  for (const { provider, model, priceWei } of plan.bids) {
    const owner = suite.owners[provider]!;
    const bid = await signMessage(
      owner,
      "Bid",
      {
        providerId: providerId(provider),
        modelId: suite.models[model]!,
        unit: BidUnit.T,
        priceWei: wei(priceWei),
        capacity,
        sequence: uint(1, 64, "sequence"),
        validFromAt: unixSeconds(atMs / 1_000n),
        expiresAt: unixSeconds(atMs / 1_000n + BID_SECONDS),
        endpoint: `https://${input.providers[provider]}.example`,
      },
      suite.relayer.domain,
    );
    await router.postBid(bid, owner.address, atMs);
  }
}
