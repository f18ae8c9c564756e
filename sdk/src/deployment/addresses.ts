import { UnknownChain } from "../errors/deployment.js";
import type { Address, Hash32 } from "../units/brands.js";
import { uint, type Integer } from "../units/integers.js";
import { PUBLISHED } from "./published.js";

/** Contracts of one deployment. */
export interface Addresses {
  readonly compute: Address;
  /** The top-100 pool. */
  readonly bootstrap: Address;
  readonly registry: Address;
  readonly routers: Address;
  readonly lens: Address;
  readonly token: Address;
  readonly schedule: Address;
  /** AccessManager that knows guardian and governance. */
  readonly authority: Address;
}

/**
 * What one has to know of a deployment: the compute contract and its lens. The compute contract names the others; those
 * given here must be the same.
 */
export interface KnownAddresses extends Partial<Addresses> {
  readonly compute: Address;
  readonly lens: Address;
  /** keccak256 of the compute contract's code. */
  readonly codeHash?: Hash32;
  /** First block of the chain in which a contract of the deployment stands: where its events begin. */
  readonly deployedInBlock?: number;
}

/** A deployment that is published with this package. */
export interface PublishedDeployment extends Addresses {
  readonly chainId: bigint;
  readonly codeHash: Hash32;
  readonly deployedInBlock: number;
  /** Day of the deployment, as 2026-11-21. */
  readonly deployedAt: string;
}

/** Addresses of the published deployment on a chain. @throws UnknownChain */
export function addressesOf(chainId: Integer): PublishedDeployment {
  return addressesAmong(PUBLISHED, chainId);
}

/** The one on a chain among some deployments. @throws UnknownChain */
export function addressesAmong(published: readonly PublishedDeployment[], chainId: Integer): PublishedDeployment {
  const id = uint(chainId, 256, "chainId");
  const known = publishedOn(id, published);
  if (known === undefined)
    throw new UnknownChain(
      id,
      published.map((each) => each.chainId),
    );
  return known;
}

/** The published deployment on a chain; undefined when there is none. */
export function publishedOn(chainId: bigint, published = PUBLISHED): PublishedDeployment | undefined {
  return published.find((each) => each.chainId === chainId);
}
