import { InvalidAccessInput } from "../errors/access.js";

/** 1 MOR in wei. */
const MOR = 10n ** 18n;

/** An exact fraction: `tokens` T for `perWei` wei of MOR held. */
export interface Ratio {
  readonly tokens: bigint;
  readonly perWei: bigint;
}

/**
 * What a user's share follows from, all in wei: the day's budget, the user's balance and all MOR at the first block of
 * the day.
 */
export interface ShareInput {
  readonly budgetWei: bigint;
  readonly balanceWei: bigint;
  readonly supplyWei: bigint;
}

/**
 * The MOR a user may spend in a day: floor(budget x balance / supply). Rounded down, so that the shares of all users
 * never exceed the budget and splitting a balance gains nothing (design.md section 11). Throws InvalidAccessInput.
 */
export function userShareWei(input: ShareInput): bigint {
  requireNotNegative("budgetWei", input.budgetWei);
  requireBalance(input.balanceWei, input.supplyWei);
  return (input.budgetWei * input.balanceWei) / input.supplyWei;
}

/**
 * MaxT of a model: the tokens the day's budget buys at its lowest live bid, rounded down. The paper's dollar prices
 * cancel, so there is no oracle. Throws InvalidAccessInput.
 */
export function maxTokens(budgetWei: bigint, lowestBidWei: bigint): bigint {
  requireNotNegative("budgetWei", budgetWei);
  if (lowestBidWei <= 0n) throw new InvalidAccessInput("lowestBidWei", lowestBidWei, "at least 1 wei per T");
  return budgetWei / lowestBidWei;
}

/** The paper's access rate, MaxT / supply, kept exact. `tokensPerMor` shows it. Throws InvalidAccessInput. */
export function accessRate(maxT: bigint, supplyWei: bigint): Ratio {
  requireNotNegative("maxT", maxT);
  requireBalance(0n, supplyWei);
  return { tokens: maxT, perWei: supplyWei };
}

/** T a day for each MOR held, rounded down: for display. */
export function tokensPerMor(rate: Ratio): bigint {
  return (rate.tokens * MOR) / rate.perWei;
}

/**
 * UserMax of a model in T a day: floor(balance x MaxT / supply), multiplied before divided. Throws InvalidAccessInput.
 */
export function userMaxTokens(balanceWei: bigint, maxT: bigint, supplyWei: bigint): bigint {
  requireNotNegative("maxT", maxT);
  requireBalance(balanceWei, supplyWei);
  return (balanceWei * maxT) / supplyWei;
}

function requireBalance(balanceWei: bigint, supplyWei: bigint): void {
  requireNotNegative("balanceWei", balanceWei);
  if (supplyWei <= 0n) throw new InvalidAccessInput("supplyWei", supplyWei, "above 0");
  if (balanceWei > supplyWei)
    throw new InvalidAccessInput("balanceWei", balanceWei, `at most the supply, ${supplyWei}`);
}

function requireNotNegative(field: string, value: bigint): void {
  if (value < 0n) throw new InvalidAccessInput(field, value, "at least 0");
}
