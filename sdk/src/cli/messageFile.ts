import type { AttestationPost } from "../actions/postAttestation.js";
import type { Deployment } from "../deployment/index.js";
import { InvalidField } from "../errors/input.js";
import {
  isKind,
  KINDS,
  parseMessage,
  parseValue,
  type Domain,
  type Kind,
  type MessageOf,
  type Signed,
} from "../messages/index.js";
import { parseProposal } from "../quorum/index.js";
import { parseAttestationPost } from "../service/attestationJson.js";

/** What a file of a signed thing can hold. */
export type SignedInput =
  | { readonly form: "message"; readonly message: Signed<Kind> }
  | { readonly form: "post"; readonly post: Required<AttestationPost> };

/** A value that is to be signed. */
export interface UnsignedInput<K extends Kind = Kind> {
  readonly kind: K;
  readonly value: MessageOf<K>;
}

/** EIP-712 domain of a kind: the registry checks slash orders and proofs of a model, the compute contract all else. */
export function domainOf(d: Pick<Deployment, "domain" | "registryDomain">, kind: Kind): Domain {
  return kind === "SlashOrder" || kind === "ModelPossession" ? d.registryDomain : d.domain;
}

/**
 * Take signed things apart: messages as `serializeMessage` writes them, attestations with their quorum, what a router answers
 * for a block, or a list of all these. @throws InvalidField
 */
export function parseSigned(input: unknown): SignedInput[] {
  if (Array.isArray(input)) {
    if (input.length === 0) throw new InvalidField("input", "at least one message", input);
    return input.flatMap((each: unknown) => parseSigned(each));
  }
  if (has(input, "block")) return parseSigned(input["block"]);
  if (has(input, "quorum")) return [{ form: "post", post: parseAttestationPost(input) }];
  return [{ form: "message", message: parseMessage(kindOf(input), input) }];
}

/**
 * Take what is to be signed: a proposal as routers show it, `{ kind, value }`, or the value alone when its kind is given.
 * @throws InvalidField
 */
export function parseUnsigned(input: unknown, kind: string | undefined): UnsignedInput {
  if (has(input, "through")) return { kind: "Attestation", value: parseProposal(input).attestation };
  if (kind === undefined && has(input, "value")) {
    const own = kindOf(input);
    return { kind: own, value: parseValue(own, input["value"], own) };
  }
  if (!isKind(kind)) throw new InvalidField("--kind", `one of ${KINDS.join(", ")}`, kind);
  return { kind, value: parseValue(kind, has(input, "value") ? input["value"] : input, kind) };
}

function kindOf(input: unknown): Kind {
  const kind = has(input, "kind") ? input["kind"] : undefined;
  if (!isKind(kind)) throw new InvalidField("kind", `one of ${KINDS.join(", ")}`, kind);
  return kind;
}

function has(input: unknown, name: string): input is Readonly<Record<string, unknown>> {
  return typeof input === "object" && input !== null && Object.hasOwn(input, name);
}
