import { EMISSION_START, domain, policyOf, routerKey, set } from "../router/world.js";

/** Where a child dies: around a call, before it posts, or whenever the parent kills it. */
export type Point = `${"before" | "after"}-${"append" | "sign" | "compact"}` | "before-post" | "any-time" | "never";

/** Options of the router in parent and child alike. */
export const crashBasis = {
  signer: routerKey,
  domain,
  set,
  policy: policyOf({ reportSeconds: 40n }),
  emissionStart: EMISSION_START,
  group: "each",
  snapshotEvery: 40,
} as const;
