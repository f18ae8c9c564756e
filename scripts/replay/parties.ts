import { bytesToHex, keccak256 } from "@yellowstone-compute/sdk/crypto";
import {
  localSigner,
  recoverSigner,
  signMessage,
  verifyMessage,
  type Domain,
  type InferenceReport,
  type LocalSigner,
  type Match,
  type Query,
  type Signed,
} from "@yellowstone-compute/sdk/messages";
import { uint, unixMillis, unixSeconds, type Address, type Hash32, type ModelId } from "@yellowstone-compute/sdk/units";

/** Seconds an RFC may wait for a provider. */
const RFC_SECONDS = 30n;
/** Users ask for tokens in steps of this many. */
const TOKEN_STEP = 256n;

/** A request on the user's side: one query key for one RFC. */
export interface UserRequest {
  readonly rfc: Signed<"Rfc">;
  readonly queryKey: LocalSigner;
}

/** One-time key of a request, from the replay's seed: worthless, and the same in every run. */
export function queryKeyOf(seed: number, index: number): LocalSigner {
  const text = new TextEncoder().encode(`yellowstone replay ${seed} query key ${index}`);
  return localSigner(bytesToHex(keccak256(text)));
}

/** Sign a request for compute. `tokens` is what will be generated: the user asks for somewhat more. */
export async function signRequest(
  user: LocalSigner,
  request: { queryKey: LocalSigner; modelId: ModelId; tokens: bigint; atMs: bigint; nonce: bigint },
  domain: Domain,
): Promise<UserRequest> {
  const { queryKey, modelId, tokens, atMs, nonce } = request;
  const steps = tokens / TOKEN_STEP + 1n;
  const rfc = await signMessage(
    user,
    "Rfc",
    {
      user: user.address,
      queryKey: queryKey.address,
      modelId,
      tokenMax: steps * TOKEN_STEP,
      issuedAtMs: unixMillis(atMs),
      deadlineAt: unixSeconds(atMs / 1_000n + RFC_SECONDS),
      nonce: uint(nonce, 256, "nonce"),
    },
    domain,
  );
  return { rfc, queryKey };
}

/** The user checks the match it was given and sends its query to the provider. */
export async function signQuery(
  { rfc, queryKey }: UserRequest,
  given: { match: Signed<"Match">; matchHash: Hash32; router: Address; atMs: bigint; prompt: Uint8Array },
  domain: Domain,
): Promise<Signed<"Query">> {
  const { match, matchHash, router, atMs, prompt } = given;
  const signer = await verifyMessage(match, domain, unixSeconds(atMs / 1_000n));
  if (signer !== router || match.value.queryKey !== rfc.value.queryKey)
    throw new Error("replay: a match of somebody else");
  const query: Query = { matchHash, promptHash: bytesToHex(keccak256(prompt)) as Hash32, sentAtMs: unixMillis(atMs) };
  return signMessage(queryKey, "Query", query, domain);
}

/** The provider serves a query only with a router's match, from the key the match names. */
export async function checkQuery(
  query: Signed<"Query">,
  match: Signed<"Match">,
  given: { router: Address; providerId: bigint; atMs: bigint },
  domain: Domain,
): Promise<void> {
  const signer = await verifyMessage(match, domain, unixSeconds(given.atMs / 1_000n));
  if (signer !== given.router || match.value.providerId !== given.providerId) throw new Error("replay: not my match");
  if (recoverSigner("Query", query.value, query.signature, domain) !== match.value.queryKey) {
    throw new Error("replay: a query of somebody else");
  }
}

/** The user reports what it received. */
export function signReport(
  queryKey: LocalSigner,
  match: Match,
  report: { matchHash: Hash32; tokens: bigint; passed: boolean; sentAtMs: bigint; receivedAtMs: bigint },
  domain: Domain,
): Promise<Signed<"InferenceReport">> {
  const value: InferenceReport = {
    matchHash: report.matchHash,
    providerId: match.providerId,
    tokens: uint(report.tokens, 64, "tokens"),
    passed: report.passed,
    sentAtMs: unixMillis(report.sentAtMs),
    receivedAtMs: unixMillis(report.receivedAtMs),
  };
  return signMessage(queryKey, "InferenceReport", value, domain);
}
