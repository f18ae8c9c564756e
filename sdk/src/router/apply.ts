import { takeBid } from "./bids.js";
import {
  closeOpenBlocks,
  commitBlocks,
  commitDraft,
  commitPaid,
  revertAccepted,
  revertPaid,
  settleAccepted,
} from "./crediting.js";
import { bindDraft } from "./drafts.js";
import type { Committer, InputKind, InputResults, RouterInput } from "./inputs.js";
import { judgeReport, recordJob } from "./judging.js";
import {
  admitRfc,
  expireMatches,
  expireWaiting,
  matchWaiting,
  placeAgain,
  unmatch,
  type Identity,
} from "./matching.js";
import { observe } from "./observe.js";
import { momentOf, type Moment, type RouterState } from "./state.js";

type Transition<K extends InputKind> = (
  state: RouterState,
  self: Identity,
  input: RouterInput<K>,
  moment: Moment,
) => InputResults[K];

const TRANSITIONS: { readonly [K in InputKind]: Transition<K> } = {
  bid: (state, _self, { signed, hash }, moment) => {
    takeBid(state, { signed, value: signed.value, hash }, moment);
    return hash;
  },
  rfc: (state, self, { signed, hash, balanceWei }, moment) =>
    admitRfc(state, self, { rfc: signed.value, rfcHash: hash, balanceWei }, moment),
  refusedRfc: (state) => {
    state.counts.rejected++;
  },
  expire: (state, _self, _input, moment) => expireAll(state, moment),
  pump: (state, self, _input, moment) => [...expireAll(state, moment), ...matchWaiting(state, self, moment)],
  unanswered: (state, self, { matchHash }, moment) => {
    const match = unmatch(state, matchHash);
    recordJob(state, match.value.modelId, match.value.providerId, "unanswered", moment);
    return placeAgain(state, self, match, moment);
  },
  lapsed: (state, _self, { matchHash }) => {
    state.queue.push(unmatch(state, matchHash).waiting);
  },
  report: (state, self, { signed, hash }, moment) =>
    judgeReport(state, self.policy, { report: signed.value, reportHash: hash }, moment),
  close: (state, self, _input, moment) => closeOpenBlocks(state, self, moment),
  blocksSigned: (state, _self, { signatures }) => commitBlocks(state, signatures.length),
  draft: (state, self, input, moment) => bindDraft(state, self, input, moment),
  accepted: (state, _self, input) => commitDraft(state, input),
  vetoed: (state, _self, { seq }) => revertAccepted(state, seq),
  settled: (state, _self, { seq }) => settleAccepted(state, seq),
  paid: (state, _self, { reports }) => commitPaid(state, reports),
  unpaid: (state, _self, { reports }) => revertPaid(state, reports),
  coSigned: (state, _self, { seq, digest, deadline }) => {
    state.signedSeqs.set(seq, { seq, digest, deadline });
  },
};

/**
 * Make the transition of an input. Whatever it gives or throws depends on the state and the input alone.
 * @throws the errors of the transition
 */
export function applyInput<K extends InputKind>(
  state: RouterState,
  self: Identity,
  input: RouterInput<K>,
): InputResults[K] {
  const moment = momentOf(state, input.atMs);
  const { access } = input as { access?: { budgetWei: bigint; supplyWei: bigint } };
  if (access !== undefined && !state.access.has(moment.day)) state.access.set(moment.day, access);
  const transition = TRANSITIONS[input.kind] as Transition<K>;
  const result = transition(state, self, input, moment);
  if (self.observer !== undefined) observe(self.observer, input, result);
  return result;
}

/** Make a committer without a journal: what it commits is gone with the process. */
export function createDirectCommitter(state: RouterState, self: Identity): Committer {
  const commitNow: Committer["commitNow"] = (input) => applyInput(state, self, input);
  // Async, so that a refusal is a rejection.
  // eslint-disable-next-line @typescript-eslint/require-await
  return { commitNow, commit: async (input) => commitNow(input) };
}

function expireAll(state: RouterState, moment: Moment) {
  return [...expireWaiting(state, moment), ...expireMatches(state, moment)];
}
