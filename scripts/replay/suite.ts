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
  type BootstrapWindow,
  type Deployment,
  type Hex,
  type LocalSigner,
  type ModelId,
  type RouterSet,
  type Router,
} from "@yellowstone-compute/sdk";
import { Wallet, type Signer } from "ethers";
import Yellowstone from "../../ignition/modules/YellowstoneWithTestMor.js";
import type { ReplayChain } from "./chain.js";
import type { ReplayInput } from "./input/index.js";
import { SCHEDULE, type ReplayPlan } from "./plan.js";
import type { Mint } from "./settlement.js";

/** Local defaults of design.md section 12. */
export const ACTIVATION_DELAY_SECONDS = 600n;
const CHANGE_DELAY_SECONDS = 86_400n;
const UNBONDING_DELAY_SECONDS = 3_600n;
const GOVERNANCE_DELAY_SECONDS = 3_600n;
/** Ether for the few transactions of an owner, in wei. */
const GAS_MONEY_WEI = 10n ** 18n;
const MIN_BOND_WEI = wei(WEI_PER_MOR);
const BID_SECONDS = 86_400n;

/** A deployment, seen by the accounts that use it, and the registered providers. */
export interface ReplaySuite {
  readonly relayer: Deployment;
  readonly claimer: Deployment;
  readonly guardian: Deployment;
  /** Give a provider's owner ether and connect its account. */
  ownerOf(provider: number): Promise<Deployment>;
  readonly mint: Mint;
  readonly payouts: readonly Address[];
  readonly owners: readonly LocalSigner[];
  readonly models: readonly ModelId[];
}

/** A key of the replay, from a printed seed: worthless, and the same in every run. */
export function keyOf(seed: number, name: string): LocalSigner {
  return localSigner(privateKeyOf(seed, name));
}

function privateKeyOf(seed: number, name: string): Hex {
  return bytesToHex(keccak256(new TextEncoder().encode(`yellowstone replay ${seed} ${name}`)));
}

/** Deploy by Ignition with a test token, and register every provider with its bond. */
export async function deploySuite(
  chain: ReplayChain,
  input: ReplayInput,
  set: RouterSet,
  seed: number,
  window: BootstrapWindow,
): Promise<ReplaySuite> {
  const [relayerAccount, claimerAccount, guardianAccount, governanceAccount] = await chain.signers();
  if (
    relayerAccount === undefined ||
    claimerAccount === undefined ||
    guardianAccount === undefined ||
    governanceAccount === undefined
  ) {
    throw new Error("replay: the node has fewer than four accounts");
  }
  const { initialWei, decreaseWei, startAt, intervalSeconds } = SCHEDULE;
  const { compute, lens, token } = await deployNew(chain, {
    Schedule: { initialWei, decreaseWei, startAt, intervalSeconds },
    Routers: { routers: set.routers.map((router) => ({ ...router })), threshold: set.threshold },
    Yellowstone: {
      activationDelaySeconds: ACTIVATION_DELAY_SECONDS,
      minBondWei: MIN_BOND_WEI,
      changeDelaySeconds: CHANGE_DELAY_SECONDS,
      unbondingDelaySeconds: UNBONDING_DELAY_SECONDS,
      bootstrapStartAt: window.startAt,
      bootstrapEndAt: window.endAt,
      seasonSeconds: window.seasonSeconds,
      entryWindowSeconds: window.entrySeconds,
      guardian: await guardianAccount.getAddress(),
      governance: await governanceAccount.getAddress(),
      governanceDelaySeconds: GOVERNANCE_DELAY_SECONDS,
    },
  });
  await chain.sync();
  const addresses = { compute: address(await compute.getAddress()), lens: address(await lens.getAddress()) };
  const relayer = await connect({ runner: relayerAccount, addresses });
  const claimer = await connect({ runner: claimerAccount, addresses });
  const guardian = await connect({ runner: guardianAccount, addresses });
  const ownerOf = async (provider: number): Promise<Deployment> => {
    const key = privateKeyOf(seed, `owner of ${input.providers[provider]}`);
    const wallet = new Wallet(key, chain.connection.ethers.provider);
    await chain.transact(() => give(claimerAccount, wallet.address));
    return connect({ runner: wallet, addresses });
  };
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
  const models = input.models.map((name) => modelId(keccak256Text(name)));
  return { relayer, claimer, guardian, ownerOf, mint, payouts, owners, models };
}

async function give(from: Signer, to: string): Promise<{ receipt: { hash: string } }> {
  const sent = await from.sendTransaction({ to, value: GAS_MONEY_WEI });
  const receipt = await sent.wait();
  if (receipt === null) throw new Error("replay: a transfer was not mined");
  return { receipt };
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
