import { contractError } from "./define.js";

/** A holder has fewer tokens than are to be moved. */
export class ERC20InsufficientBalance extends contractError("ERC20InsufficientBalance", {
  say: ({ sender, balance, needed }) => `${sender} holds ${balance} wei, ${needed} wei are needed`,
  next: "Fund the account with MOR, then send again.",
  retry: "later",
}) {}

/** A spender is approved for fewer tokens than are to be moved. */
export class ERC20InsufficientAllowance extends contractError("ERC20InsufficientAllowance", {
  say: ({ spender, allowance, needed }) => `${spender} may move ${allowance} wei, ${needed} wei are needed`,
  next: "Approve the spender, for a bond with approveBond, then send again.",
  retry: "later",
}) {}

/** The zero address cannot approve. */
export class ERC20InvalidApprover extends contractError("ERC20InvalidApprover", {
  say: ({ approver }) => `${approver} cannot approve`,
  next: "Send the approval from the account that holds the tokens.",
  retry: "no",
}) {}

/** The address cannot be approved. */
export class ERC20InvalidSpender extends contractError("ERC20InvalidSpender", {
  say: ({ spender }) => `${spender} cannot be approved`,
  next: "Approve the provider registry.",
  retry: "no",
}) {}

/** The address cannot send tokens. */
export class ERC20InvalidSender extends contractError("ERC20InvalidSender", {
  say: ({ sender }) => `${sender} cannot send tokens`,
  next: "Send from the account that holds the tokens.",
  retry: "no",
}) {}

/** The address cannot receive tokens. */
export class ERC20InvalidReceiver extends contractError("ERC20InvalidReceiver", {
  say: ({ receiver }) => `${receiver} cannot receive tokens`,
  next: "Name another receiver.",
  retry: "no",
}) {}

/** The token refused a transfer without saying why. */
export class SafeERC20FailedOperation extends contractError("SafeERC20FailedOperation", {
  say: ({ token }) => `token ${token} refused a transfer`,
  next: "Check balance and approval of the account that pays.",
  retry: "later",
}) {}

/** The contract was entered again while it was at work. */
export class ReentrancyGuardReentrantCall extends contractError("ReentrancyGuardReentrantCall", {
  say: "the contract was called again from within its own call",
  next: "Send intake, attest and claim as calls of their own.",
  retry: "no",
}) {}

/** A figure does not fit the bits it is stored in. */
export class SafeCastOverflowedUintDowncast extends contractError("SafeCastOverflowedUintDowncast", {
  say: ({ bits, value }) => `${value} does not fit ${bits} bits`,
  next: "Check the amounts of the call; nothing of this protocol is that large.",
  retry: "no",
}) {}

/** A text of the EIP-712 domain is malformed; raised only while a contract is deployed. */
export class InvalidShortString extends contractError("InvalidShortString", {
  say: "a short string of the contract is malformed",
  next: "Deploy the published contracts without changes.",
  retry: "no",
}) {}

/** A text of the EIP-712 domain is too long; raised only while a contract is deployed. */
export class StringTooLong extends contractError("StringTooLong", {
  say: ({ str }) => `a short string of the contract has ${str.length} characters, at most 31 are allowed`,
  next: "Deploy the published contracts without changes.",
  retry: "no",
}) {}
