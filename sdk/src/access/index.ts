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
