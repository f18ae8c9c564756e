import { awardSeason } from "../actions/awardSeason.js";
import { claim, type ClaimOutcome } from "../actions/claim.js";
import { closeSeason } from "../actions/closeSeason.js";
import { enterSeason } from "../actions/enterSeason.js";
import { postAttestation } from "../actions/postAttestation.js";
import { postSlash } from "../actions/postSlash.js";
import { readSeason } from "../actions/readSeason.js";
import { bookDebits } from "../actions/bookDebits.js";
import type { UnsignedCall } from "../actions/write.js";
import { ranksOf } from "../bootstrap/ranks.js";
import type { SeasonEntry } from "../bootstrap/ranking.js";
import type { Deployment } from "../deployment/deployment.js";
import type { EventReceipt } from "../events/define.js";
import { unpackDebits } from "../ledger/debits.js";
import type { Wei } from "../units/brands.js";
import type { ItemOutcome } from "./state.js";
import { bytes, type Task } from "./task.js";

/** Write the call of a task; the list of its season is read from the events, so it is the one in force. */
export async function callOf(d: Deployment, task: Task): Promise<UnsignedCall> {
  switch (task.kind) {
    case "attestation":
      return postAttestation.call(d, task);
    case "slash":
      return postSlash.call(d, task);
    case "entry": {
      const ranges = { before: bytes(task.before), after: bytes(task.after) };
      return enterSeason.call(d, { season: task.season, list: await listOf(d, task.season), ranges });
    }
    case "close":
      return closeSeason.call(d, { season: task.season, list: await listOf(d, task.season) });
    case "award": {
      const { season, ranks } = task;
      return awardSeason.call(d, { season, list: await listOf(d, season), ranks: ranksOf(ranks) });
    }
    case "claim":
      return claim.call(d, task);
    case "debits":
      return bookDebits.call(d, { seq: task.seq, debits: unpackDebits(bytes(task.debits)) });
  }
}

/** What a simulated call would pay, in wei; undefined for a task that pays nobody. @throws ChainRequestFailed */
export function paidBy(d: Deployment, task: Task, returned: string): Wei | undefined {
  if (task.kind === "claim") return d.compute.interface.decodeFunctionResult("claim", returned)[0] as Wei;
  if (task.kind === "award") return d.bootstrap.interface.decodeFunctionResult("award", returned)[0] as Wei;
  return undefined;
}

/** What a receipt says of the items of a task. @throws EventMissing when it is of another call */
export function outcomesOf(d: Deployment, task: Task, receipt: EventReceipt): ItemOutcome[] {
  switch (task.kind) {
    case "attestation":
      return [{ item: postAttestation.fromReceipt(d, receipt).seq }];
    case "slash":
      return [{ item: postSlash.fromReceipt(d, receipt).id }];
    case "entry":
      return enterSeason.fromReceipt(d, receipt).map(({ id }) => ({ item: id }));
    case "close":
      return [{ item: closeSeason.fromReceipt(d, receipt).season }];
    case "award":
      return awardSeason.fromReceipt(d, receipt).ranks.map((rank) => ({ item: BigInt(rank) }));
    case "claim":
      return paymentsOf(claim.fromReceipt(d, receipt));
    case "debits":
      return [{ item: task.seq }];
  }
}

function paymentsOf({ payments, failed }: ClaimOutcome): ItemOutcome[] {
  return [
    ...payments.map(({ id, amountUMor }) => ({ item: id, paidUMor: amountUMor })),
    ...failed.map(({ id, payout }) => ({ item: id, unpayable: payout })),
  ];
}

async function listOf(d: Deployment, season: bigint): Promise<readonly SeasonEntry[]> {
  return (await readSeason(d, season)).list;
}
