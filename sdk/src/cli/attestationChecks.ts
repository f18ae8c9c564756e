import { read } from "../actions/read.js";
import { readRouterSet } from "../actions/readRouterSet.js";
import { readState, type HeadState } from "../actions/readState.js";
import type { Deployment } from "../deployment/index.js";
import type { Attestation } from "../messages/index.js";
import type { RouterSet } from "../router/index.js";
import { WEI_PER_UMOR } from "../units/constants.js";
import { mor, moment } from "./words.js";

/** The chain as an attestation is judged by it. */
export interface AttestationView {
  readonly head: HeadState;
  readonly allowanceUMor: bigint;
  readonly set: RouterSet;
  /** Root that stands under its seq; undefined when none does. */
  readonly standingRoot: string | undefined;
}

const NO_ROOT = `0x${"0".repeat(64)}`;

/** Read what an attestation is judged by. @throws ChainRequestFailed */
export async function readAttestationView(d: Deployment, seq: bigint): Promise<AttestationView> {
  const [{ head, pool }, set] = await Promise.all([readState(d), readRouterSet(d)]);
  const root = seq > 0n && seq <= head.lastSeq ? await read(() => d.compute.rootOf(seq)) : NO_ROOT;
  return {
    head,
    allowanceUMor: pool.allowanceWei / WEI_PER_UMOR,
    set,
    standingRoot: root === NO_ROOT ? undefined : root,
  };
}

/** Whether this very attestation is on chain already. Pure. */
export function isPosted({ newRoot }: Attestation, { standingRoot }: AttestationView): boolean {
  return standingRoot === newRoot;
}

/** Why an attestation could not be posted now: one sentence a reason, none when it could. Pure. */
export function reasonsAgainst(attestation: Attestation, { head, allowanceUMor }: AttestationView): string[] {
  const { seq, previousRoot, firstBlock, lastBlock, deadline, routerSet, credited } = attestation;
  const reasons: string[] = [];
  const unless = (isGood: boolean, reason: string): void => {
    if (!isGood) reasons.push(reason);
  };
  unless(seq === head.lastSeq + 1n, `seq is ${seq}, the next one on chain is ${head.lastSeq + 1n}`);
  unless(previousRoot === head.headRoot, `previousRoot is ${previousRoot}, the head's root is ${head.headRoot}`);
  unless(firstBlock === head.nextBlock, `firstBlock is ${firstBlock}, the next block to close is ${head.nextBlock}`);
  unless(lastBlock < head.openBlock, `lastBlock is ${lastBlock}, and block ${head.openBlock} is open still`);
  unless(routerSet === head.routerSet, `routerSet is ${routerSet}, in force is ${head.routerSet}`);
  unless(deadline >= head.timestamp, `its deadline ${moment(deadline)} has passed`);
  const [creditedWei, allowanceWei] = [credited * WEI_PER_UMOR, allowanceUMor * WEI_PER_UMOR];
  unless(credited <= allowanceUMor, `it credits ${mor(creditedWei)}, today's allowance is ${mor(allowanceWei)}`);
  return reasons;
}
