import type { Deployment } from "../deployment/deployment.js";
import { ContractPanic, ContractReverted, RevertedWithoutReason, UnknownContractError } from "../errors/chain.js";
import {
  AttestationExpired,
  BootstrapEntryNotOpen,
  BootstrapListStale,
  BootstrapNothingDue,
  BootstrapNothingEntered,
  BootstrapSeasonOutOfOrder,
  ClaimNothingDue,
  ContractError,
  LedgerAttestationPending,
  LedgerDebitsUnknown,
  RegistrySlashState,
  RelaySuperseded,
  type YellowstoneError,
} from "../errors/index.js";
import { ZERO_HASH } from "../units/identities.js";
import { splitTask } from "./splitTask.js";
import type { Task } from "./task.js";

/** What follows from a refusal. */
export type Verdict =
  /** It is done, by whomever, or nothing is left to do. */
  | { readonly do: "end" }
  /** It cannot be done now; `untilAt` is the chain's moment in Unix seconds from which it may be, where it is known. */
  | { readonly do: "wait"; readonly failure: YellowstoneError; readonly untilAt?: bigint }
  /** Each half may be done without the other. `isCertain`: it follows from the task alone, not from what a node said. */
  | { readonly do: "split"; readonly tasks: readonly [Task, Task]; readonly isCertain?: true }
  /** It can never be done. */
  | { readonly do: "fail"; readonly failure: YellowstoneError };

/** Whether an error is the chain's own answer to a call, and not a trouble on the way. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof ContractError ||
    error instanceof ContractPanic ||
    error instanceof ContractReverted ||
    error instanceof RevertedWithoutReason ||
    error instanceof UnknownContractError
  );
}

/** Judge a refusal of a task's call; asks the chain where the error alone does not say. */
export async function judge(d: Deployment, task: Task, refusal: YellowstoneError): Promise<Verdict> {
  if (refusal instanceof BootstrapListStale) return { do: "wait", failure: refusal };
  switch (task.kind) {
    case "attestation":
      return judgeAttestation(d, task, refusal);
    case "slash":
      return refusal instanceof RegistrySlashState ? judgeSlash(d, task, refusal) : plain(task, refusal);
    case "entry":
      return judgeEntry(task, refusal);
    case "close":
      return judgeClose(task, refusal);
    case "award":
      return refusal instanceof BootstrapNothingDue ? { do: "end" } : plain(task, refusal);
    case "claim":
      if (refusal instanceof ClaimNothingDue) return { do: "end" };
      return refusal instanceof LedgerAttestationPending ? pending(refusal) : plain(task, refusal);
    case "debits":
      if (refusal instanceof LedgerDebitsUnknown && refusal.data.recorded === ZERO_HASH) return { do: "end" };
      return refusal instanceof LedgerAttestationPending ? pending(refusal) : plain(task, refusal);
  }
}

type TaskOf<K extends Task["kind"]> = Extract<Task, { kind: K }>;

/** What stands under its seq decides: the same root is the same ledger, whoever posted it. */
async function judgeAttestation(
  d: Deployment,
  { attestation: { seq, newRoot } }: TaskOf<"attestation">,
  refusal: YellowstoneError,
): Promise<Verdict> {
  const [lastSeq, root] = await Promise.all([d.compute.lastSeq(), d.compute.rootOf(seq)]);
  if (seq <= lastSeq) {
    if (root === newRoot) return { do: "end" };
    const onChain = root === ZERO_HASH ? "what was posted under this seq was vetoed" : `root ${root} stands there`;
    return { do: "fail", failure: new RelaySuperseded(`attestation ${seq}`, onChain, refusal) };
  }
  const isEarly = seq > lastSeq + 1n && !(refusal instanceof AttestationExpired);
  if (isEarly || refusal.retry !== "no") return { do: "wait", failure: refusal };
  return { do: "fail", failure: refusal };
}

async function judgeSlash(d: Deployment, { order }: TaskOf<"slash">, refusal: YellowstoneError): Promise<Verdict> {
  const known = await d.registry.slashOf(order.eventId);
  if (known.id === order.providerId && known.amountWei === order.amountWei) return { do: "end" };
  const onChain = `its event is that of provider ${known.id} and ${known.amountWei} wei`;
  return { do: "fail", failure: new RelaySuperseded(`slash order ${order.eventId}`, onChain, refusal) };
}

function judgeEntry(task: TaskOf<"entry">, refusal: YellowstoneError): Verdict {
  if (refusal instanceof BootstrapNothingEntered) return { do: "end" };
  if (!(refusal instanceof BootstrapEntryNotOpen)) return plain(task, refusal);
  const { timestamp, opensAt } = refusal.data;
  if (timestamp >= opensAt) return { do: "fail", failure: refusal };
  return { do: "wait", failure: refusal, untilAt: opensAt };
}

function judgeClose(task: TaskOf<"close">, refusal: YellowstoneError): Verdict {
  if (!(refusal instanceof BootstrapSeasonOutOfOrder)) return plain(task, refusal);
  return refusal.data.season < refusal.data.expected ? { do: "end" } : { do: "wait", failure: refusal };
}

function pending(refusal: LedgerAttestationPending): Verdict {
  return { do: "wait", failure: refusal, untilAt: refusal.data.activeAt };
}

/** What a contract refuses for ever as a whole it may take in parts: one bad range does not keep the others back. */
function plain(task: Task, refusal: YellowstoneError): Verdict {
  if (refusal.retry !== "no") return { do: "wait", failure: refusal };
  const tasks = splitTask(task);
  return tasks === undefined ? { do: "fail", failure: refusal } : { do: "split", tasks };
}
