import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BidUnit,
  EMISSION_START,
  createDomain,
  createPolicy,
  keccak256Text,
  localSigner,
  modelId,
  providerId,
  signMessage,
  unixMillis,
  unixSeconds,
  wei,
  type Bid,
  type InferenceReport,
  type Matched,
  type Recover,
  type Rfc,
  type RouterSet,
  type Signed,
  type TypedDataSigner,
} from "@yellowstone-compute/sdk";
import { openRouter, openSqliteStorage, type JournaledRouter } from "@yellowstone-compute/sdk/journal";

const MOR = 10n ** 18n;
export const START_MS = (BigInt(EMISSION_START) + 86_400n * 900n) * 1_000n;
export const PROVIDERS = 50;
export const domain = createDomain(31337n, `0x${"cc".repeat(20)}`);
export const routerKey = localSigner(keccak256Text("bench: router"));
export const set: RouterSet = { threshold: 1, routers: [{ account: routerKey.address, isContract: false }] };
const owner = localSigner(keccak256Text("bench: owner"));
const MODEL = modelId(keccak256Text("bench: model"));

/** What differs between the routers of the bench. */
export interface BenchRouterOptions {
  readonly recover?: Recover;
  readonly signer?: TypedDataSigner;
}

/** A folder with a journal, gone after `use`. */
export async function withFolder<T>(use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "yellowstone-bench-"));
  try {
    return await use(join(folder, "journal.db"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Open a router on a journal with fsync at every batch. */
export async function openBenchRouter(path: string, options: BenchRouterOptions = {}): Promise<JournaledRouter> {
  const access = { budgetWei: 1_000_000n * MOR, supplyWei: 42_000_000n * MOR };
  return openRouter({
    signer: routerKey,
    domain,
    set,
    policy: createPolicy({ accessOf: () => access }),
    emissionStart: EMISSION_START,
    storage: await openSqliteStorage(path),
    ...options,
  });
}

/** Bids of all providers, with places enough. Without checks of signatures `Recover` must answer for the owner. */
export async function postBids(router: JournaledRouter, atMs: bigint): Promise<void> {
  for (let provider = 0; provider < PROVIDERS; provider++) {
    const value: Bid = {
      providerId: providerId(provider),
      modelId: MODEL,
      unit: BidUnit.T,
      priceWei: wei(1_000_000_007n + BigInt(provider)),
      capacity: 100_000,
      sequence: 1n,
      validFromAt: unixSeconds(0),
      expiresAt: unixSeconds(1n << 40n),
      endpoint: `https://provider-${provider}.example/v1`,
    };
    await router.postBid(await signMessage(owner, "Bid", value, domain), owner.address, atMs);
  }
}

/** Values of an RFC and of the report that ends it. */
export function rfcOf(user: Rfc["user"], queryKey: Rfc["queryKey"], nonce: bigint, atMs: bigint): Rfc {
  const deadlineAt = unixSeconds(atMs / 1_000n + 30n);
  return { user, queryKey, modelId: MODEL, tokenMax: 1_000n, issuedAtMs: unixMillis(atMs), deadlineAt, nonce };
}

/** The report that ends a match: passed, 900 tokens in 20 seconds. */
export function reportOf({ matchHash, match }: Matched): InferenceReport {
  const { providerId: provider, matchedAtMs } = match.value;
  const receivedAtMs = unixMillis(matchedAtMs + 20_000n);
  return { matchHash, providerId: provider, tokens: 900n, passed: true, sentAtMs: matchedAtMs, receivedAtMs };
}

/** Send RFCs at the same time; every one must be matched. */
export async function admitAll(
  router: JournaledRouter,
  rfcs: readonly Signed<"Rfc">[],
  atMs: bigint,
): Promise<Matched[]> {
  const placed = await Promise.all(rfcs.map((rfc) => router.admit(rfc, { balanceWei: 1_000n * MOR, atMs })));
  return placed.map((each) => {
    if (each.status !== "matched") throw new TypeError(`bench: an RFC was ${each.status}`);
    return each;
  });
}

/** Send reports at the same time; every one must be served. */
export async function reportAll(
  router: JournaledRouter,
  reports: readonly Signed<"InferenceReport">[],
  atMs: bigint,
): Promise<void> {
  const judged = await Promise.all(reports.map((report) => router.report(report, atMs)));
  const other = judged.find(({ status }) => status !== "served");
  if (other !== undefined) throw new TypeError(`bench: a report was ${other.status}`);
}
