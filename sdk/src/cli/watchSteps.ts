import { cursorAtDeployment, followEvents, type FollowOptions } from "../actions/followEvents.js";
import { readEvents } from "../actions/readEvents.js";
import type { Deployment } from "../deployment/index.js";
import { claimedEvent, type Claimed } from "../events/claimed.js";
import { alarmOf, readSignatures, watch, WATCH_EVENTS, type WatchOptions, type WatchStep } from "../watch/index.js";

/** An attestation as it is shown: verified, or seen only. */
export type ShownAttestation = Omit<Extract<WatchStep, { kind: "attestation" }>, "isOpen" | "line"> & {
  readonly isVerified: boolean;
};

/** One step of a watch, with claims. */
export type ShownStep =
  | ShownAttestation
  | Extract<WatchStep, { kind: "alarm" | "steppedBack" }>
  | {
      readonly kind: "claim";
      readonly claimed: Claimed;
      readonly blockNumber: number;
      readonly transactionHash: string;
    }
  | { readonly kind: "caughtUp"; readonly blockNumber: number; readonly pending: number };

/**
 * Follow a deployment; with `evidence` every attestation's work is done again. `note` hears the steps of `watch` as they are, and
 * of a watch without evidence the alarms. @throws the errors of `watch`
 */
export async function* shownSteps(
  d: Deployment,
  following: FollowOptions,
  evidence: WatchOptions | undefined,
  note: (step: WatchStep) => void,
): AsyncGenerator<ShownStep> {
  const steps =
    evidence === undefined ? plainSteps(d, following, note) : verifiedSteps(d, { ...evidence, ...following }, note);
  let claimsFrom = d.deployedInBlock;
  for await (const step of steps) {
    if (step.kind === "caughtUp") {
      const toBlock = step.blockNumber;
      for await (const { value, ...place } of readEvents(d, claimedEvent, { fromBlock: claimsFrom, toBlock })) {
        yield { kind: "claim", claimed: value, ...place };
      }
      claimsFrom = Math.max(claimsFrom, toBlock + 1);
    }
    if (step.kind === "steppedBack") claimsFrom = Math.min(claimsFrom, step.blockNumber + 1);
    yield step;
  }
}

async function* verifiedSteps(
  d: Deployment,
  options: WatchOptions,
  note: (step: WatchStep) => void,
): AsyncGenerator<ShownStep> {
  for await (const step of watch(d, options)) {
    note(step);
    if (step.kind === "caughtUp") {
      yield { kind: "caughtUp", blockNumber: step.end.blockNumber, pending: step.pending.length };
    } else if (step.kind === "attestation") {
      const { isOpen, kind, seq, findings, creditedUMor, activeAt, secondsLeft, signers } = step;
      yield { kind, seq, findings, creditedUMor, activeAt, secondsLeft, signers, isVerified: !isOpen };
    } else {
      yield step;
    }
  }
}

/** Without evidence an attestation is told as it is; alarms are the same. */
async function* plainSteps(
  d: Deployment,
  following: FollowOptions,
  note: (step: WatchStep) => void,
): AsyncGenerator<ShownStep> {
  const waiting = new Map<bigint, bigint>();
  for await (const step of followEvents(d, WATCH_EVENTS, cursorAtDeployment(d), following)) {
    const { blockNumber, timestamp } = step.end;
    if (step.kind === "steppedBack") {
      yield { kind: "steppedBack", blockNumber };
    } else if (step.kind === "caughtUp") {
      for (const [seq, activeAt] of waiting) if (activeAt <= timestamp) waiting.delete(seq);
      yield { kind: "caughtUp", blockNumber, pending: waiting.size };
    } else {
      for (const event of step.events) {
        if (event.name === "attested") {
          const { seq, activeAt, creditedUMor } = event.value;
          waiting.set(seq, activeAt);
          const signers = (await readSignatures(d, event.transactionHash))?.map(({ signer }) => signer);
          const secondsLeft = activeAt > timestamp ? activeAt - timestamp : 0n;
          yield {
            kind: "attestation",
            seq,
            findings: [],
            creditedUMor,
            activeAt,
            secondsLeft,
            signers,
            isVerified: false,
          };
        }
        if (event.name === "vetoed") for (const seq of waiting.keys()) if (seq >= event.value.seq) waiting.delete(seq);
        const alarm = alarmOf(event);
        if (alarm === undefined) continue;
        note({ kind: "alarm", alarm });
        yield { kind: "alarm", alarm };
      }
    }
  }
}
