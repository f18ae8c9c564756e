import { Contract, type ContractRunner, type InterfaceAbi, type Provider } from "ethers";
import { accessManagerAbi } from "../abi/accessManager.js";
import { bootstrapPoolAbi } from "../abi/bootstrapPool.js";
import { computeContractAbi } from "../abi/computeContract.js";
import { computeLensAbi } from "../abi/computeLens.js";
import { emissionScheduleAbi } from "../abi/emissionSchedule.js";
import { erc20Abi } from "../abi/erc20.js";
import { providerRegistryAbi } from "../abi/providerRegistry.js";
import { routerSetAbi } from "../abi/routerSet.js";
import type { BootstrapWindow } from "../bootstrap/clock.js";
import type { BootstrapPool } from "../generated/contracts/bootstrap/BootstrapPool.js";
import type { ComputeContract } from "../generated/contracts/ComputeContract.js";
import type { AccessManager } from "../generated/@openzeppelin/contracts/access/manager/AccessManager.js";
import type { IEmissionSchedule } from "../generated/contracts/interfaces/IEmissionSchedule.js";
import type { ComputeLens } from "../generated/contracts/periphery/ComputeLens.js";
import type { TestMor } from "../generated/contracts/periphery/TestMor.js";
import type { ProviderRegistry } from "../generated/contracts/providers/ProviderRegistry.js";
import type { RouterSet } from "../generated/contracts/routers/RouterSet.js";
import type { Domain } from "../messages/domain.js";
import type { Address, Hash32, UnixSeconds } from "../units/brands.js";
import type { Addresses } from "./addresses.js";

/** The ERC-20 part of MOR. */
export type Erc20 = Omit<TestMor, "mint">;

/** The contracts of a deployment, typed, on one runner. */
export interface Contracts {
  readonly compute: ComputeContract;
  readonly bootstrap: BootstrapPool;
  readonly registry: ProviderRegistry;
  readonly routers: RouterSet;
  readonly lens: ComputeLens;
  readonly token: Erc20;
  readonly schedule: IEmissionSchedule;
  readonly authority: AccessManager;
}

/** A deployment that was checked: what every action takes as its first argument. */
export interface Deployment extends Contracts {
  readonly chainId: bigint;
  readonly addresses: Addresses;
  /** EIP-712 domain of every message for this deployment but those to the registry. */
  readonly domain: Domain;
  /** EIP-712 domain of `SlashOrder` and `ModelPossession`: the provider registry checks them. */
  readonly registryDomain: Domain;
  /** keccak256 of the compute contract's code. */
  readonly codeHash: Hash32;
  /** Where the events begin; 0 when it is not known. */
  readonly deployedInBlock: number;
  /** Zero of block heights and block-days, in Unix seconds. */
  readonly emissionStart: UnixSeconds;
  /** Seconds between the acceptance of an attestation and its activation. */
  readonly activationDelaySeconds: bigint;
  /** When the bootstrap pool fills; undefined for a deployment without one. */
  readonly bootstrapWindow: BootstrapWindow | undefined;
  readonly runner: ContractRunner;
  readonly provider: Provider;
}

/** Bind typed contracts to their addresses. Reads nothing. */
export function bindContracts(addresses: Addresses, runner: ContractRunner): Contracts {
  return {
    compute: bind<ComputeContract>(addresses.compute, computeContractAbi, runner),
    bootstrap: bind<BootstrapPool>(addresses.bootstrap, bootstrapPoolAbi, runner),
    registry: bind<ProviderRegistry>(addresses.registry, providerRegistryAbi, runner),
    routers: bind<RouterSet>(addresses.routers, routerSetAbi, runner),
    lens: bind<ComputeLens>(addresses.lens, computeLensAbi, runner),
    token: bind<Erc20>(addresses.token, erc20Abi, runner),
    schedule: bind<IEmissionSchedule>(addresses.schedule, emissionScheduleAbi, runner),
    authority: bind<AccessManager>(addresses.authority, accessManagerAbi, runner),
  };
}

/** Bind the compute contract alone. */
export function bindCompute(compute: Address, runner: ContractRunner): ComputeContract {
  return bind<ComputeContract>(compute, computeContractAbi, runner);
}

function bind<T>(at: Address, abi: InterfaceAbi, runner: ContractRunner): T {
  // The ABI constants and the generated types come from the same artifacts.
  return new Contract(at, abi, runner) as unknown as T;
}
