import { computeAddress } from "ethers";
import { InvalidSetting } from "./errors.js";
import { createRandom, type Random } from "./random.js";

/** A synthetic user. The key is drawn from a printed seed: it must never hold value. */
export interface ReplayUser {
  readonly privateKey: string;
  readonly address: string;
  readonly balanceWei: bigint;
}

/** Steps of a tenth of a decade down and up, in percent: a product of twelve is close to log-normal. */
const FACTORS = [50n, 63n, 79n, 100n, 126n, 158n, 200n] as const;
const DRAWS = 12;
const MEDIAN_WEI = 200n * 10n ** 18n;

/** One request in five comes from any user alike, however small: that is who runs into UserMax. */
const EVEN_ONE_IN = 5;

/**
 * Make users whose balances have a heavy tail: median near 200 MOR, a few with many thousands. Throws InvalidSetting.
 */
export function syntheticUsers(seed: number, count: number): ReplayUser[] {
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidSetting("users", count, "a whole number above 0");
  const [keys, balances] = [createRandom(seed, 5), createRandom(seed, 6)];
  return Array.from({ length: count }, () => {
    const privateKey = `0x${keys.bits256().toString(16).padStart(64, "0")}`;
    return { privateKey, address: computeAddress(privateKey), balanceWei: drawBalance(balances) };
  });
}

function drawBalance(random: Random): bigint {
  let balanceWei = MEDIAN_WEI;
  for (let i = 0; i < DRAWS; i++) balanceWei = (balanceWei * (FACTORS[random.below(FACTORS.length)] ?? 100n)) / 100n;
  return balanceWei;
}

/** Draw who asks: mostly in proportion to the balance, one in five evenly. Returns indices into `users`. */
export function createUserDraw(users: readonly ReplayUser[], random: Random): () => number {
  let total = 0n;
  const upTo = users.map(({ balanceWei }) => (total += balanceWei));
  return () => {
    if (random.below(EVEN_ONE_IN) === 0) return random.below(users.length);
    return firstAbove(upTo, (random.bits256() * total) >> 256n);
  };
}

/** Index of the first sum above `drawn`, in an ascending list whose last sum is above it. */
function firstAbove(upTo: readonly bigint[], drawn: bigint): number {
  let [low, high] = [0, upTo.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((upTo[middle] ?? 0n) > drawn) high = middle;
    else low = middle + 1;
  }
  return low;
}
