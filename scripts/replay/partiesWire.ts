import type { Domain, Signed } from "@yellowstone-compute/sdk/messages";
import type { Address, Hash32, ModelId } from "@yellowstone-compute/sdk/units";

/** What a thread of the parties is started with. */
export interface PartiesData {
  readonly seed: number;
  readonly domain: Domain;
  /** Private keys of the users, from the replay's seed: worthless. */
  readonly userKeys: readonly string[];
}

/** What a user wants, and when. */
export interface WantedRequest {
  readonly index: number;
  readonly user: number;
  readonly modelId: ModelId;
  readonly tokens: bigint;
  readonly atMs: bigint;
}

/** Sign these RFCs. */
export interface RequestsQuestion {
  readonly kind: "requests";
  readonly requests: readonly WantedRequest[];
}

/** What the user will have received, and when. */
export interface Delivered {
  readonly tokens: bigint;
  readonly passed: boolean;
  readonly sentAtMs: bigint;
  readonly receivedAtMs: bigint;
}

/** A match: the user checks it and signs its query, the provider checks both, and the user signs its report. */
export interface ServeQuestion {
  readonly kind: "serve";
  readonly index: number;
  readonly match: Signed<"Match">;
  readonly matchHash: Hash32;
  readonly router: Address;
  readonly atMs: bigint;
  /** Left out by a user that never reports. */
  readonly report: Delivered | undefined;
}

export type PartiesQuestion = RequestsQuestion | ServeQuestion;

/** Answers come in the order of the questions. */
export type PartiesAnswer =
  | { readonly kind: "requests"; readonly rfcs: readonly Signed<"Rfc">[] }
  | { readonly kind: "serve"; readonly report: Signed<"InferenceReport"> | undefined }
  | { readonly kind: "failed"; readonly reason: unknown };
