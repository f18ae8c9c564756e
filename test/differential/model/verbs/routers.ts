import { Reasons, accepted, type Caller, type Outcome } from "../outcome.js";
import type { Router } from "../routers.js";
import type { System } from "../system.js";

const MAX_ROUTERS = 32;

/** `setRouters` (design 10). `codeless` are routers named as contracts that are none. */
export function setRouters(
  system: System,
  { sender }: Caller,
  routers: readonly Router[],
  threshold: bigint,
  codeless: ReadonlySet<bigint>,
): Outcome {
  const reasons = new Reasons();
  system.requireRole(reasons, sender, "governance");
  const count = BigInt(routers.length);
  reasons.when(count === 0n || count > MAX_ROUTERS, "RouterCountInvalid", count, BigInt(MAX_ROUTERS));
  reasons.when(threshold * 2n <= count || threshold > count, "RouterThresholdInvalid", threshold, count);
  let last = 0n;
  routers.forEach(({ account, isContract }, i) => {
    reasons.when(account <= last, "RouterOrderInvalid", BigInt(i), account);
    reasons.when(isContract && codeless.has(account), "RouterWithoutCode", account);
    last = account;
  });
  if (reasons.any) return reasons.refused();
  return accepted(system.routers.change(routers, threshold));
}

/** `removeRouter`: the threshold stays. */
export function removeRouter(system: System, { sender }: Caller, account: bigint): Outcome {
  const reasons = new Reasons();
  system.requireRole(reasons, sender, "guardian");
  const { routers, threshold } = system.routers.set;
  const remaining = routers.filter((router) => router.account !== account);
  const left = BigInt(routers.length - 1);
  reasons.when(remaining.length === routers.length, "RouterUnknown", account);
  reasons.when(left < threshold, "RouterRemovalBlocked", account, left, threshold);
  if (reasons.any) return reasons.refused();
  return accepted(system.routers.change(remaining, threshold));
}
