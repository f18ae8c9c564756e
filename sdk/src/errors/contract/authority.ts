import { contractError } from "./define.js";

const ASK_ADMIN = "Use an account that holds the role; readRoles says who may do what.";
const SCHEDULE_FIRST = "Schedule the call with scheduleCall and send it when its delay has passed.";

/** The guardian's pause is spent: governance has not allowed another one since. */
export class PauseSpent extends contractError("PauseSpent", {
  say: "the guardian has paused once already",
  next: "Have governance allow another pause with rearmPause.",
  retry: "later",
}) {}

/** A pause is empty or longer than allowed. */
export class PauseTooLong extends contractError("PauseTooLong", {
  say: ({ duration, maximum }) => `pause of ${duration} s, allowed are 1 to ${maximum} s`,
  next: "Pause for at most seven days.",
  retry: "no",
}) {}

/** The authority of a deployment is not a contract. */
export class AuthorityWithoutCode extends contractError("AuthorityWithoutCode", {
  say: ({ authority }) => `authority ${authority} has no code`,
  next: "Deploy the AccessManager first and name its address.",
  retry: "no",
}) {}

/** The caller does not hold the role of the function. */
export class AccessManagedUnauthorized extends contractError("AccessManagedUnauthorized", {
  say: ({ caller }) => `${caller} may not do this`,
  next: ASK_ADMIN,
  retry: "no",
}) {}

/** The caller holds the role and must wait out its delay. */
export class AccessManagedRequiredDelay extends contractError("AccessManagedRequiredDelay", {
  say: ({ caller, delay }) => `${caller} may do this ${delay} s after it was scheduled`,
  next: SCHEDULE_FIRST,
  retry: "later",
}) {}

/** The authority cannot be replaced by this address. */
export class AccessManagedInvalidAuthority extends contractError("AccessManagedInvalidAuthority", {
  say: ({ authority }) => `${authority} cannot be the authority`,
  next: "Name an AccessManager that is deployed.",
  retry: "no",
}) {}

/** The same call is scheduled already and has not expired. */
export class AccessManagerAlreadyScheduled extends contractError("AccessManagerAlreadyScheduled", {
  say: ({ operationId }) => `operation ${operationId} is scheduled already`,
  next: "Send the call when it is due, or cancel it first.",
  retry: "no",
}) {}

/** The call is not scheduled, or was sent or cancelled. */
export class AccessManagerNotScheduled extends contractError("AccessManagerNotScheduled", {
  say: ({ operationId }) => `operation ${operationId} is not scheduled`,
  next: SCHEDULE_FIRST,
  retry: "no",
}) {}

/** The delay of a scheduled call has not passed. */
export class AccessManagerNotReady extends contractError("AccessManagerNotReady", {
  say: ({ operationId }) => `operation ${operationId} is scheduled and its delay has not passed`,
  next: "Send the call when its delay has passed.",
  retry: "later",
}) {}

/** A scheduled call was not sent in time. */
export class AccessManagerExpired extends contractError("AccessManagerExpired", {
  say: ({ operationId }) => `operation ${operationId} was not sent within a week of its delay`,
  next: SCHEDULE_FIRST,
  retry: "no",
}) {}

/** A role is fixed. */
export class AccessManagerLockedRole extends contractError("AccessManagerLockedRole", {
  say: ({ roleId }) => `role ${roleId} cannot be changed`,
  next: "Name a role other than admin and public.",
  retry: "no",
}) {}

/** A function of the authority itself has a fixed role. */
export class AccessManagerLockedFunction extends contractError("AccessManagerLockedFunction", {
  say: ({ selector }) => `function ${selector} of the authority has a fixed role`,
  next: "Leave the authority's own functions as they are.",
  retry: "no",
}) {}

/** The caller is not the admin of the role. */
export class AccessManagerUnauthorizedAccount extends contractError("AccessManagerUnauthorizedAccount", {
  say: ({ msgsender, roleId }) => `${msgsender} does not hold role ${roleId}`,
  next: ASK_ADMIN,
  retry: "no",
}) {}

/** The caller may neither call the function nor schedule it. */
export class AccessManagerUnauthorizedCall extends contractError("AccessManagerUnauthorizedCall", {
  say: ({ caller, target, selector }) => `${caller} may not call ${selector} of ${target} at this moment`,
  next: ASK_ADMIN,
  retry: "no",
}) {}

/** The caller may not cancel this operation. */
export class AccessManagerUnauthorizedCancel extends contractError("AccessManagerUnauthorizedCancel", {
  say: ({ msgsender, caller, target, selector }) =>
    `${msgsender} may not cancel what ${caller} scheduled: ${selector} of ${target}`,
  next: "Cancel as the scheduler, as the guardian of its role or as admin.",
  retry: "no",
}) {}

/** A contract asked for an operation that is not its own. */
export class AccessManagerUnauthorizedConsume extends contractError("AccessManagerUnauthorizedConsume", {
  say: ({ target }) => `${target} may not consume scheduled operations`,
  next: "Call the target of the operation; it consumes it itself.",
  retry: "no",
}) {}

/** A role is renounced in somebody else's name. */
export class AccessManagerBadConfirmation extends contractError("AccessManagerBadConfirmation", {
  say: "the confirmation of a renounced role is not the caller",
  next: "Renounce a role from the account that holds it.",
  retry: "no",
}) {}

/** An authority is deployed without an admin. */
export class AccessManagerInvalidInitialAdmin extends contractError("AccessManagerInvalidInitialAdmin", {
  say: ({ initialAdmin }) => `${initialAdmin} cannot be the first admin`,
  next: "Deploy the authority with an account that hands its role on.",
  retry: "no",
}) {}

/** The authority calls an address without code. */
export class AddressEmptyCode extends contractError("AddressEmptyCode", {
  say: ({ target }) => `${target} has no code`,
  next: "Name a contract as the target of the call.",
  retry: "no",
}) {}

/** A call that the authority passed on failed without a reason. */
export class FailedCall extends contractError("FailedCall", {
  say: "a call that the authority passed on failed without a reason",
  next: "Simulate the call itself to learn why it fails.",
  retry: "no",
}) {}

/** A call carries more ether than there is. */
export class InsufficientBalance extends contractError("InsufficientBalance", {
  say: ({ balance, needed }) => `${needed} wei of ether are needed, ${balance} wei are there`,
  next: "Send no ether: no verb of this package takes any.",
  retry: "no",
}) {}
