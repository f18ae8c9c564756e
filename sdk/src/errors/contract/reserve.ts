import { contractError } from "./define.js";

const BOOKS = "Stop and compare the contract's books with the tokens it holds; this state should not be reachable.";

/** A reservation is above what the drawdown guard leaves today. */
export class ReserveAllowanceExceeded extends contractError("ReserveAllowanceExceeded", {
  say: ({ requestedWei, allowanceWei }) => `${requestedWei} wei would be reserved, the day leaves ${allowanceWei} wei`,
  next: "Attest what today's allowance covers and leave the rest for the next block-day.",
  retry: "later",
}) {}

/** More would leave the owed bucket than it holds. */
export class ReserveOwedExceeded extends contractError("ReserveOwedExceeded", {
  say: ({ requestedWei, owedWei }) => `${requestedWei} wei would leave the owed bucket of ${owedWei} wei`,
  next: BOOKS,
  retry: "no",
}) {}

/** More credits would be released than were ever attested. */
export class ReserveAttestedExceeded extends contractError("ReserveAttestedExceeded", {
  say: ({ requestedUMor, attestedUMor }) => `${requestedUMor} uMOR would be released of ${attestedUMor} uMOR attested`,
  next: BOOKS,
  retry: "no",
}) {}

/** More would be awarded than the bootstrap pool holds. */
export class ReserveBootstrapExceeded extends contractError("ReserveBootstrapExceeded", {
  say: ({ requestedWei, bootstrapWei }) => `${requestedWei} wei would leave the bootstrap pool of ${bootstrapWei} wei`,
  next: BOOKS,
  retry: "no",
}) {}

/** MOR cannot be rescued from the compute contract. */
export class ReserveTokenNotRescuable extends contractError("ReserveTokenNotRescuable", {
  say: ({ token }) => `token ${token} is MOR: all of it is booked or will be`,
  next: "Rescue only tokens other than MOR.",
  retry: "no",
}) {}

/** The token of a deployment is not a contract. */
export class ReserveTokenWithoutCode extends contractError("ReserveTokenWithoutCode", {
  say: ({ token }) => `token ${token} has no code`,
  next: "Deploy with the address of MOR on this chain.",
  retry: "no",
}) {}

/** A deployment before its emission starts, where no block-day exists yet. */
export class ReserveBeforeEmission extends contractError("ReserveBeforeEmission", {
  say: ({ deployedAt, emissionStart }) => `deployed at ${deployedAt}, the emission starts at ${emissionStart}`,
  next: "Deploy after the start of the emission.",
  retry: "later",
}) {}

/** The first interval's emission does not fit 128 bits. */
export class ScheduleInitialTooLarge extends contractError("ScheduleInitialTooLarge", {
  say: ({ initialWei, maxWei }) => `initial emission of ${initialWei} wei, at most ${maxWei} wei is allowed`,
  next: "Deploy the schedule with an initial emission below 2^128 wei.",
  retry: "no",
}) {}

/** The decrease of a schedule does not fit its bits. */
export class ScheduleDecreaseTooLarge extends contractError("ScheduleDecreaseTooLarge", {
  say: ({ decreaseWei, maxWei }) => `decrease of ${decreaseWei} wei an interval, at most ${maxWei} wei is allowed`,
  next: "Deploy the schedule with a smaller decrease.",
  retry: "no",
}) {}

/** The start of a schedule is not a Unix second below 2^64. */
export class ScheduleStartTooLarge extends contractError("ScheduleStartTooLarge", {
  say: ({ startAt, maxStartAt }) => `schedule starts at ${startAt}, at most ${maxStartAt} is allowed`,
  next: "Deploy the schedule with a start in Unix seconds.",
  retry: "no",
}) {}

/** The interval of a schedule is 0 or does not fit 64 bits. */
export class ScheduleIntervalOutOfRange extends contractError("ScheduleIntervalOutOfRange", {
  say: ({ intervalSeconds, maxSeconds }) => `interval of ${intervalSeconds} s, allowed are 1 to ${maxSeconds} s`,
  next: "Deploy the schedule with an interval of at least one second.",
  retry: "no",
}) {}
