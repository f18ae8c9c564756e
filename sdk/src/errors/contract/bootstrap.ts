import { contractError } from "./define.js";

const DEPLOY = "Deploy with a window that begins after the deployment and seasons that fit into it.";

/** A season that the window does not have. */
export class BootstrapSeasonUnknown extends contractError("BootstrapSeasonUnknown", {
  say: ({ season, seasonCount }) => `season ${season} of ${seasonCount}, numbered from 0`,
  next: "Take the season of a moment within the window with seasonAt; none means the deployment has no bootstrap pool.",
  retry: "no",
}) {}

/** A season takes entries only for the time of the entry window behind its end. */
export class BootstrapEntryNotOpen extends contractError("BootstrapEntryNotOpen", {
  say: ({ season, timestamp, opensAt, endsAt }) =>
    `season ${season} takes entries from ${opensAt} until ${endsAt}, it is ${timestamp}`,
  next: "Enter within the entry window of the season; a season whose window is over stays as it is.",
  retry: "later",
}) {}

/** Another entry came first: the list sent along is not the one in force any more. */
export class BootstrapListStale extends contractError("BootstrapListStale", {
  say: ({ season, given, inForce }) => `list ${given} of season ${season} is not in force, ${inForce} is`,
  next: "Read the list with readSeason and send the same again with it.",
  retry: "now",
}) {}

/** The two proofs of an entry are not about the same lanes. */
export class BootstrapRangesDiffer extends contractError("BootstrapRangesDiffer", {
  say: ({ firstWordBefore, firstWordAfter }) =>
    `range at word ${firstWordBefore} before the season, at word ${firstWordAfter} after it, or of other lanes`,
  next: "Write both with planEntries.",
  retry: "no",
}) {}

/** Nobody in an entry improves the list. */
export class BootstrapNothingEntered extends contractError("BootstrapNothingEntered", {
  say: ({ season, lastUMor }) =>
    lastUMor === 0n
      ? `nobody comes into the list of season ${season}: each is in it or has no weight`
      : `nobody comes into the list of season ${season}: its last has ${lastUMor} uMOR`,
  next: "Nothing is to be done: who belongs into the list is in it.",
  retry: "no",
}) {}

/** A season is closed out of turn. */
export class BootstrapSeasonOutOfOrder extends contractError("BootstrapSeasonOutOfOrder", {
  say: ({ season, expected }) => `season ${season} cannot be closed, season ${expected} comes next`,
  next: "Close the seasons in order, each once.",
  retry: "no",
}) {}

/** The entry window of a season is not over. */
export class BootstrapSeasonOpen extends contractError("BootstrapSeasonOpen", {
  say: ({ season, timestamp, closesAt }) => `season ${season} can be closed from ${closesAt} on, it is ${timestamp}`,
  next: "Close it when its entry window is over.",
  retry: "later",
}) {}

/** A season is awarded before it is closed. */
export class BootstrapSeasonNotClosed extends contractError("BootstrapSeasonNotClosed", {
  say: ({ season, nextSeason }) => `season ${season} is not closed, season ${nextSeason} is closed next`,
  next: "Close it with closeSeason, then award it.",
  retry: "later",
}) {}

/** Every rank asked for has its award, or is not in the list. */
export class BootstrapNothingDue extends contractError("BootstrapNothingDue", {
  say: ({ season, ranks, awardedRanks }) =>
    `season ${season}: nothing is due to the ranks 0x${ranks.toString(16)}, 0x${awardedRanks.toString(16)} have their award`,
  next: "Ask readSeason which ranks have no award yet.",
  retry: "no",
}) {}

/** The length of seasons does not fit the window. */
export class BootstrapSeasonLengthInvalid extends contractError("BootstrapSeasonLengthInvalid", {
  say: ({ seasonLength, windowLength }) => `seasons of ${seasonLength} s in a window of ${windowLength} s`,
  next: DEPLOY,
  retry: "no",
}) {}

/** The entry window is too short, or longer than a season. */
export class BootstrapEntryWindowInvalid extends contractError("BootstrapEntryWindowInvalid", {
  say: ({ entryWindow, minimum, maximum }) =>
    `entry window of ${entryWindow} s, allowed are ${minimum} to ${maximum} s`,
  next: DEPLOY,
  retry: "no",
}) {}

/** The bootstrap window begins before the deployment, or ends before it begins. */
export class ReserveWindowInvalid extends contractError("ReserveWindowInvalid", {
  say: ({ startAt, endAt, deployedAt }) => `window from ${startAt} to ${endAt}, deployed at ${deployedAt}`,
  next: DEPLOY,
  retry: "no",
}) {}

/** Only the bootstrap pool reserves and pays awards. */
export class ComputeNotBootstrap extends contractError("ComputeNotBootstrap", {
  say: ({ sender }) => `${sender} is not the bootstrap pool`,
  next: "Use closeSeason and awardSeason, which go through the pool.",
  retry: "no",
}) {}
