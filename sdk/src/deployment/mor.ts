import { UnknownChain } from "../errors/deployment.js";
import type { Address } from "../units/brands.js";
import { address } from "../units/identities.js";
import { uint, type Integer } from "../units/integers.js";

const MOR: ReadonlyMap<bigint, Address> = new Map(
  (
    [
      [42_161n, "0x092baadb7def4c3981454dd9c0a0d7ff07bcfc86"],
      [8_453n, "0x7431ada8a591c955a994a21710752ef9b882b8e3"],
      [421_614n, "0x34a285a1b1c166420df5b6630132542923b5b27e"],
      [84_532n, "0x5c80ddd187054e1e4abbffcd750498e81d34ffa3"],
    ] as const
  ).map(([chainId, token]) => [chainId, address(token)] as const),
);

/**
 * Address of MOR on a chain: Arbitrum One, Base, Arbitrum Sepolia and Base Sepolia have it (design 3).
 * @throws UnknownChain
 */
export function morAddressOf(chainId: Integer): Address {
  const id = uint(chainId, 256, "chainId");
  const token = MOR.get(id);
  if (token === undefined) throw new UnknownChain(id, [...MOR.keys()]);
  return token;
}
