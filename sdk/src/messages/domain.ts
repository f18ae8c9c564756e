import { keccak256, keccak256Text } from "../crypto/keccak.js";
import { concatBytes, hexToBytes } from "../crypto/hex.js";
import { InvalidField } from "../errors/input.js";
import { address } from "../units/identities.js";
import { uint, type Integer } from "../units/integers.js";
import type { Address } from "../units/brands.js";
import { createWords, EXPECTED, WRITERS } from "./words.js";

/** Name in the EIP-712 domain, as the compute contract has it. */
export const DOMAIN_NAME = "Yellowstone Compute";
/** Version in the EIP-712 domain: that of the contracts, not of this package. */
export const DOMAIN_VERSION = "1";

/** The EIP-712 domain of every message: one deployment on one chain. As ethers' `signTypedData` takes it. */
export interface Domain {
  readonly name: typeof DOMAIN_NAME;
  readonly version: typeof DOMAIN_VERSION;
  readonly chainId: bigint;
  /** The compute contract; the provider registry for `SlashOrder` and `ModelPossession`. */
  readonly verifyingContract: Address;
}

const HEAD = concatBytes(
  ...[
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
    DOMAIN_NAME,
    DOMAIN_VERSION,
  ].map((text) => hexToBytes(keccak256Text(text))),
);
const words = createWords(5);
words.bytes.set(HEAD);

let cached: { chainId: bigint; verifyingContract: string; separator: Uint8Array } | undefined;

/** Make the domain of a deployment. @throws InvalidField */
export function createDomain(chainId: Integer, verifyingContract: string): Domain {
  return Object.freeze({
    name: DOMAIN_NAME,
    version: DOMAIN_VERSION,
    chainId: uint(chainId, 256, "domain.chainId"),
    verifyingContract: address(verifyingContract, "domain.verifyingContract"),
  });
}

/**
 * Hash a domain to its separator of 32 bytes. The last one is kept, since a process mostly serves one deployment.
 * Do not write to the result.
 * @throws InvalidField
 */
export function domainSeparator(domain: Domain): Uint8Array {
  const { name, version, chainId, verifyingContract } = domain;
  if (name !== DOMAIN_NAME) throw new InvalidField("domain.name", DOMAIN_NAME, name);
  if (version !== DOMAIN_VERSION) throw new InvalidField("domain.version", DOMAIN_VERSION, version);
  if (cached?.chainId === chainId && cached.verifyingContract === verifyingContract) return cached.separator;
  if (!WRITERS.uint256(chainId, words, 96)) throw new InvalidField("domain.chainId", EXPECTED.uint256, chainId);
  if (!WRITERS.address(verifyingContract, words, 128)) {
    throw new InvalidField("domain.verifyingContract", EXPECTED.address, verifyingContract);
  }
  const separator = keccak256(words.bytes);
  cached = { chainId, verifyingContract, separator };
  return separator;
}
