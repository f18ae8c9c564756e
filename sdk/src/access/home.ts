import { InvalidAccessInput, WrongRouter } from "../errors/access.js";

/** keccak256 of bytes, as a hex string. Injected, so that this module depends on no library. */
export type HashBytes = (data: Uint8Array) => string;

/**
 * The one router that serves a user on a day: keccak256(abi.encode(user, uint256 day)) mod n, counted in the ascending
 * order of the router addresses (design.md section 11). Throws InvalidAccessInput.
 */
export function homeRouterOf(user: string, day: bigint, routers: readonly string[], hash: HashBytes): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(user)) throw new InvalidAccessInput("user", user, "an address as 0x-hex");
  if (day < 0n) throw new InvalidAccessInput("day", day, "at least 0");
  const sorted = routers.map((router) => router.toLowerCase()).sort();
  const packed = (user.slice(2).padStart(64, "0") + day.toString(16).padStart(64, "0")).match(/../g) ?? [];
  const draw = BigInt(hash(Uint8Array.from(packed, (byte) => Number.parseInt(byte, 16))));
  const home = sorted.length === 0 ? undefined : sorted[Number(draw % BigInt(sorted.length))];
  if (home === undefined) throw new InvalidAccessInput("routers", "empty", "at least one router");
  return home;
}

/** Refuse a user elsewhere at home, with the right address. Throws WrongRouter. */
export function requireHomeRouter(
  asked: string,
  user: string,
  day: bigint,
  routers: readonly string[],
  hash: HashBytes,
): void {
  const home = homeRouterOf(user, day, routers, hash);
  if (home !== asked.toLowerCase()) throw new WrongRouter(user, day, asked, home);
}
