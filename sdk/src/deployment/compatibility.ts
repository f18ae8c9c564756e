import { read } from "../actions/read.js";
import { CodeUnknown, ContractOutdated, SdkOutdated, VersionMismatch } from "../errors/deployment.js";
import { DOMAIN_VERSION } from "../messages/domain.js";
import type { Address } from "../units/brands.js";
import { RELEASED_CODES, type ComparedContract, type ReleasedCode, type ReleasedCodes } from "./codes.js";
import type { Deployment } from "./deployment.js";
import { fingerprintOf } from "./fingerprint.js";
import { SDK_VERSION } from "./version.js";

/** Version of the contracts, as `version()` and the EIP-712 domain say it, that this package speaks: one, and no other. */
export const CONTRACT_VERSION = DOMAIN_VERSION;

/** What `assertCompatible` has found. */
export interface Compatibility {
  /** Version of this package. */
  readonly sdk: string;
  /** Version of the contracts. */
  readonly contracts: string;
  /** Release whose code each contract has. */
  readonly releases: Readonly<Record<ComparedContract, string>>;
}

/**
 * Compare a version with the one this package speaks. Pure; `connect` does it.
 * @throws ContractOutdated, SdkOutdated; VersionMismatch for what is no version
 */
export function requireContractVersion(at: Address, actual: string): void {
  if (actual === CONTRACT_VERSION) return;
  if (!/^(0|[1-9]\d{0,8})$/.test(actual)) throw new VersionMismatch(at, CONTRACT_VERSION, actual);
  const Class = Number(actual) < Number(CONTRACT_VERSION) ? ContractOutdated : SdkOutdated;
  throw new Class(at, SDK_VERSION, CONTRACT_VERSION, actual);
}

/**
 * Assert that every contract of a deployment has code that was released with this package or before it: immutable values
 * and the compiler's trailer are left out of the comparison. `connect` has compared versions and wiring already; this one
 * also finds a contract that says the right version and does something else.
 *
 * @param known Code that counts as released; that of this package's releases when left out. Who deploys a build of their own
 * takes its fingerprints with `fingerprintOf`.
 * @example
 * const { releases } = await assertCompatible(await connect({ runner, addresses }));
 * console.log(releases.compute); // "0.1.0"
 * @throws ContractOutdated, SdkOutdated, VersionMismatch, CodeUnknown, ChainRequestFailed
 */
export async function assertCompatible(d: Deployment, known: ReleasedCodes = RELEASED_CODES): Promise<Compatibility> {
  requireContractVersion(d.addresses.compute, await read(() => d.compute.version()));
  const releases = await Promise.all(
    (Object.keys(known) as ComparedContract[]).map(async (name) => {
      const at = d.addresses[name];
      const code = await read(() => d.provider.getCode(at));
      return [name, releaseOf(name, at, code, known[name])] as const;
    }),
  );
  const byContract = Object.fromEntries(releases) as Record<ComparedContract, string>;
  return { sdk: SDK_VERSION, contracts: CONTRACT_VERSION, releases: byContract };
}

/** The newest release that has this code. @throws CodeUnknown */
function releaseOf(name: ComparedContract, at: Address, code: string, known: readonly ReleasedCode[]): string {
  const found = [...known].reverse().find(({ bytes, immutables, hash }) => {
    const actual = fingerprintOf(code, immutables);
    return actual.bytes === bytes && actual.hash === hash;
  });
  if (found !== undefined) return found.release;
  const releases = known.map(({ release }) => release);
  throw new CodeUnknown(name, at, SDK_VERSION, releases);
}
