import { YellowstoneError } from "../errors/base.js";
import { QuorumMissing } from "../errors/router.js";
import { openMessage, type Attestation, type Domain, type Erc1271Reader, type Signed } from "../messages/index.js";
import type { RouterSet } from "../router/index.js";
import type { Address, Hex, UnixSeconds } from "../units/index.js";
import { describeFinding, type Refusal } from "./findings.js";
import type { Proposal } from "./proposal.js";
import type { Transport } from "./transport.js";

/** What a collection needs beside the proposal. */
export interface CollectOptions {
  readonly set: RouterSet;
  readonly domain: Domain;
  readonly transport: Pick<Transport, "requestSignature">;
  /** The proposer's own signature; it is asked like the others when left out. */
  readonly own?: Signed<"Attestation">;
  /** Ends the waiting, for example `AbortSignal.timeout(5_000)`: who has not answered by then is missing. */
  readonly signal: AbortSignal;
  /** Moment of the collection, in Unix seconds. */
  readonly at: UnixSeconds;
  /** Asks contract routers; without it they count as missing. */
  readonly reader?: Erc1271Reader;
}

/** An attestation with a quorum, as `packQuorum` takes it. */
export interface CollectedAttestation {
  readonly attestation: Attestation;
  readonly signatures: ReadonlyMap<Address, Hex>;
  /** What the others said who did not sign. */
  readonly refusals: ReadonlyMap<Address, Refusal>;
}

/**
 * Ask every router of the set at once and return as soon as the threshold is reached. Every signature is verified: one
 * that does not hold, or is over anything else, counts as none.
 * @throws QuorumMissing naming who is missing and why
 */
export async function collectSignatures(proposal: Proposal, options: CollectOptions): Promise<CollectedAttestation> {
  const { set, own, signal } = options;
  const signatures = new Map<Address, Hex>();
  const refusals = new Map<Address, Refusal>();
  const reasons = new Map<Address, string>();
  const ask = async (router: Address): Promise<void> => {
    try {
      const answer = own?.signer === router ? own : await options.transport.requestSignature(router, proposal, signal);
      if ("status" in answer) {
        refusals.set(router, answer);
        reasons.set(router, answer.findings.map(describeFinding).join("; "));
      } else signatures.set(router, await verified(router, answer, proposal, options));
    } catch (error) {
      reasons.set(router, error instanceof YellowstoneError ? error.message : "failed without a typed error");
    }
  };
  await enough(
    set.routers.map(
      ({ account }) =>
        () =>
          ask(account),
    ),
    () => signatures.size >= set.threshold,
    signal,
  );
  const missing = set.routers.map(({ account }) => account).filter((account) => !signatures.has(account));
  if (signatures.size < set.threshold) {
    const why = missing.map((account) => reasons.get(account) ?? "no answer in time");
    throw new QuorumMissing(signatures.size, set.threshold, missing, why);
  }
  return { attestation: proposal.attestation, signatures: new Map(signatures), refusals: new Map(refusals) };
}

async function verified(
  router: Address,
  answer: Signed<"Attestation">,
  { attestation }: Proposal,
  { domain, at, reader }: CollectOptions,
): Promise<Hex> {
  // What was asked is verified, not what came back.
  const asked = { kind: answer.kind, value: attestation, signer: router, signature: answer.signature };
  await openMessage(asked, domain, at, reader);
  return answer.signature;
}

/** Run all at once until they are done, enough is reached, or the signal ends it. None of them rejects. */
function enough(tasks: readonly (() => Promise<void>)[], isReached: () => boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let left = tasks.length;
    if (left === 0 || signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
    for (const task of tasks) {
      void task().then(() => {
        left--;
        if (left === 0 || isReached()) resolve();
      });
    }
  });
}
