import { keccak256Text as id } from "@yellowstone-compute/sdk/crypto";
import {
  BidUnit,
  createDomain,
  localSigner,
  signMessage,
  type Bid,
  type InferenceReport,
  type LocalSigner,
  type Rfc,
  type Signed,
  type TypedDataSigner,
} from "@yellowstone-compute/sdk/messages";
import {
  createPolicy,
  createRouter,
  type Matched,
  type Router,
  type RouterPolicy,
  type RouterSet,
} from "@yellowstone-compute/sdk/router";
import { modelId, providerId, startOfBlock, unixMillis, unixSeconds, wei } from "@yellowstone-compute/sdk/units";

export const MOR = 10n ** 18n;
export const EMISSION_START = 1_707_393_600n;
export const MODEL = modelId(id("model"));
export const domain = createDomain(31337, `0x${"cc".repeat(20)}`);
export const keyOf = (name: string): LocalSigner => localSigner(id(name));
/** Noon of day 3: far from every boundary a test does not look for. */
export const NOON_MS = (startOfBlock(3n * 7_200n + 3_600n, EMISSION_START) as bigint) * 1_000n;
export const routerKey = keyOf("router");
export const set: RouterSet = { threshold: 1, routers: [{ account: routerKey.address, isContract: false }] };
const START = NOON_MS / 1_000n;

/** Budget 1,000 MOR over a supply of 1,000,000: 1 MOR held is worth 1/1000 MOR a day. */
export const policyOf = (change: Partial<RouterPolicy> = {}): RouterPolicy =>
  createPolicy({ accessOf: () => ({ budgetWei: 1_000n * MOR, supplyWei: 1_000_000n * MOR }), ...change });

/** A router under test. */
export function routerWith(policy: Partial<RouterPolicy> = {}, signer: TypedDataSigner = routerKey): Promise<Router> {
  return createRouter({ signer, domain, set, policy: policyOf(policy), emissionStart: EMISSION_START });
}

export const owner = keyOf("owner");
let serial = 0n;

/** A bid of provider `provider`, signed by the owner. */
export function bid(provider: number, priceWei: bigint, change: Partial<Bid> = {}): Promise<Signed<"Bid">> {
  const value: Bid = {
    providerId: providerId(provider),
    modelId: MODEL,
    unit: BidUnit.T,
    priceWei: wei(priceWei),
    capacity: 1,
    sequence: ++serial,
    validFromAt: unixSeconds(START - 60n),
    expiresAt: unixSeconds(START + 86_400n),
    endpoint: `https://provider-${provider}.example`,
    ...change,
  };
  return signMessage(owner, "Bid", value, domain);
}

/** An RFC of the user of this name, with the query key `query:name`. */
export function rfc(name: string, change: Partial<Rfc> = {}): Promise<Signed<"Rfc">> {
  const user = keyOf(name);
  const value: Rfc = {
    user: user.address,
    queryKey: keyOf(`query:${name}`).address,
    modelId: MODEL,
    tokenMax: 100n,
    issuedAtMs: unixMillis(NOON_MS),
    deadlineAt: unixSeconds(START + 30n),
    nonce: ++serial,
    ...change,
  };
  return signMessage(user, "Rfc", value, domain);
}

/** The report of a match by the user's query key. */
export function report(
  name: string,
  { matchHash, match }: Matched,
  change: Partial<InferenceReport> = {},
): Promise<Signed<"InferenceReport">> {
  const { providerId: provider, matchedAtMs } = match.value;
  const value: InferenceReport = {
    matchHash,
    providerId: provider,
    tokens: 80n,
    passed: true,
    sentAtMs: matchedAtMs,
    receivedAtMs: unixMillis(matchedAtMs + 1_000n),
    ...change,
  };
  return signMessage(keyOf(`query:${name}`), "InferenceReport", value, domain);
}
