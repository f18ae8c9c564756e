import { explainQuota, type Quota } from "../access/index.js";
import { BidMissing } from "../errors/market.js";
import type { Address, ModelId } from "../units/index.js";
import type { RouterPolicy } from "./policy.js";
import type { Moment, RouterState } from "./state.js";

/** Whose quota is asked for, of which model. */
export interface QuotaQuestion {
  /** Undefined for a user that has used nothing yet. */
  readonly user: Address | undefined;
  readonly modelId: ModelId;
  /** The user's MOR of the day. */
  readonly balanceWei: bigint;
}

/**
 * Explain a user's quota from the day's figures, the lowest live bid and what is charged or held. Changes nothing but what time
 * itself ends: bids past their expiry.
 * @throws BidMissing; the errors of `policy.accessOf`
 */
export function quotaOf(
  state: RouterState,
  policy: RouterPolicy,
  { user, modelId, balanceWei }: QuotaQuestion,
  moment: Moment,
): Quota {
  const { budgetWei, supplyWei } = state.access.get(moment.day) ?? policy.accessOf(moment.day);
  const lowestBidWei = state.book.lowestLive(modelId, moment.at);
  if (lowestBidWei === undefined) throw new BidMissing(modelId);
  const usedWei = user === undefined ? 0n : state.meter.usedWei(user.toLowerCase(), moment.day);
  return explainQuota({ budgetWei, supplyWei, balanceWei, lowestBidWei, usedWei });
}
