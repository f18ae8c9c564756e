export { sumBalances, type BalanceBlock, type BalanceSource, type DayAmount } from "./balanceSource.js";
export { explainQuota, type Quota, type QuotaInput } from "./explain.js";
export { homeRouterOf, requireHomeRouter } from "./home.js";
export { createMeter, type Meter, type MeterSnapshot, type Reservation, type ReservationRequest } from "./meter.js";
export {
  accessRate,
  maxTokens,
  tokensPerMor,
  userMaxTokens,
  userShareWei,
  type Ratio,
  type ShareInput,
} from "./share.js";
export { TransferLedger, type Transfer, type TransferCursor, type TransferSnapshot } from "./transferLedger.js";
