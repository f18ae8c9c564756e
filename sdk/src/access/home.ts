import { keccak256Hex, writeHex } from "../crypto/index.js";
import { InvalidAccessInput, WrongRouter } from "../errors/access.js";

/**
 * The one router that serves a user on a day: keccak256(abi.encode(user, uint256 day)) mod n, counted in the ascending
 * order of the router addresses (design.md section 11). Throws InvalidAccessInput.
 */
export function homeRouterOf(user: string, day: bigint, routers: readonly string[]): string {
  const packed = new Uint8Array(64);
  if (!writeHex(user, 20, packed, 12)) throw new InvalidAccessInput("user", user, "an address as 0x-hex");
  if (BigInt.asUintN(64, day) !== day) throw new InvalidAccessInput("day", day, "at least 0 and below 2^64");
  new DataView(packed.buffer).setBigUint64(56, day);
  const sorted = routers.map((router) => router.toLowerCase()).sort();
  const draw = BigInt(keccak256Hex(packed));
  const home = sorted.length === 0 ? undefined : sorted[Number(draw % BigInt(sorted.length))];
  if (home === undefined) throw new InvalidAccessInput("routers", "empty", "at least one router");
  return home;
}

/** Refuse a user elsewhere at home, with the right address. Throws WrongRouter. */
export function requireHomeRouter(asked: string, user: string, day: bigint, routers: readonly string[]): void {
  const home = homeRouterOf(user, day, routers);
  if (home !== asked.toLowerCase()) throw new WrongRouter(user, day, asked, home);
}
