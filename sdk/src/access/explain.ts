import { accessRate, maxTokens, tokensPerMor, userMaxTokens, userShareWei } from "./share.js";

/** What a quota is explained from, for one user, one day and one model. */
export interface QuotaInput {
  readonly budgetWei: bigint;
  readonly balanceWei: bigint;
  readonly supplyWei: bigint;
  /** Lowest live bid of the model in wei per T. */
  readonly lowestBidWei: bigint;
  /** Charged or held of the day so far; 0 when left out. */
  readonly usedWei?: bigint;
  /** Price of the bid that would be matched; the lowest live bid when left out. */
  readonly priceWei?: bigint;
}

/** Every figure between the balance and the tokens a user may still ask for. */
export interface Quota {
  readonly maxT: bigint;
  readonly accessRateTPerMor: bigint;
  readonly userMaxT: bigint;
  readonly shareWei: bigint;
  readonly usedWei: bigint;
  readonly leftWei: bigint;
  /** The largest TokenMax that is still admitted at the matched price. */
  readonly leftT: bigint;
  /** One sentence per step, in the order of the calculation. */
  readonly steps: readonly string[];
}

/**
 * Explain a user's quota step by step (design.md section 11). The meter counts MOR; the figures in T follow from it for
 * one model at one price. Throws InvalidAccessInput.
 *
 * @example
 * const MOR = 10n ** 18n;
 * const day = { budgetWei: 3_000n * MOR, supplyWei: 10_000_000n * MOR, lowestBidWei: 10n ** 11n };
 * explainQuota({ ...day, balanceWei: 5n * MOR }).userMaxT; // 15000n
 */
export function explainQuota(input: QuotaInput): Quota {
  const { budgetWei, balanceWei, supplyWei, lowestBidWei } = input;
  const usedWei = input.usedWei ?? 0n;
  const priceWei = input.priceWei ?? lowestBidWei;
  const maxT = maxTokens(budgetWei, lowestBidWei);
  const accessRateTPerMor = tokensPerMor(accessRate(maxT, supplyWei));
  const userMaxT = userMaxTokens(balanceWei, maxT, supplyWei);
  const shareWei = userShareWei({ budgetWei, balanceWei, supplyWei });
  const leftWei = shareWei > usedWei ? shareWei - usedWei : 0n;
  const leftT = maxTokens(leftWei, priceWei);
  const steps = [
    `MaxT: the day's budget of ${budgetWei} wei buys ${maxT} T at the lowest live bid of ${lowestBidWei} wei per T.`,
    `Access rate: ${maxT} T over a supply of ${supplyWei} wei is ${accessRateTPerMor} T a day for each MOR held.`,
    `UserMax: a balance of ${balanceWei} wei gives ${userMaxT} T a day of this model.`,
    `Share: metered in MOR, the balance gives ${shareWei} wei of the budget.`,
    `Left: ${usedWei} wei are charged or held today, ${leftWei} wei are left; nothing is carried over.`,
    `Admitted: a TokenMax of at most ${leftT} T at ${priceWei} wei per T.`,
  ];
  return { maxT, accessRateTPerMor, userMaxT, shareWei, usedWei, leftWei, leftT, steps };
}
