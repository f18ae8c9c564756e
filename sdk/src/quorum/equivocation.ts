import { EvidenceInvalid } from "../errors/quorum.js";
import { hashMessage, openMessage, type Domain, type Erc1271Reader, type Signed } from "../messages/index.js";
import { unixSeconds, type Address } from "../units/index.js";

/** The messages of which a router signs one for each height or seq. */
export type SoleMessage = Signed<"InferenceBlock"> | Signed<"Attestation">;

/** Two messages of one router of which it may have signed one. Verifies by itself: `verifyEvidence`. */
export type Equivocation =
  | {
      readonly kind: "InferenceBlock";
      readonly first: Signed<"InferenceBlock">;
      readonly second: Signed<"InferenceBlock">;
    }
  | { readonly kind: "Attestation"; readonly first: Signed<"Attestation">; readonly second: Signed<"Attestation"> };

/** What evidence is judged by. */
export interface EquivocationRules {
  readonly domain: Domain;
  /**
   * Seconds from signing to deadline that every router's policy sets. Once an attestation cannot be posted any more, its seq
   * may be signed anew; so two count only if there was a moment at which both could be posted.
   */
  readonly attestationSeconds: bigint;
  /** Asks contract routers. Their answer may change with time: only evidence of plain keys is final. */
  readonly reader?: Erc1271Reader;
}

/** Where evidence is kept. Evidence is never deleted. */
export interface EvidenceStore {
  add(evidence: Equivocation): Promise<void>;
  all(): Promise<readonly Equivocation[]>;
}

/** Keep evidence in memory. */
export function memoryEvidence(): EvidenceStore {
  const kept: Equivocation[] = [];
  return { add: (evidence) => Promise.resolve(void kept.push(evidence)), all: () => Promise.resolve([...kept]) };
}

/**
 * Find every pair of messages of which a router may have signed one. Signatures are checked: what nobody signed accuses
 * nobody.
 */
export async function findEquivocation(
  messages: readonly SoleMessage[],
  rules: EquivocationRules,
): Promise<Equivocation[]> {
  const places = new Map<string, SoleMessage[]>();
  for (const message of messages) {
    const place = places.get(placeOf(message)) ?? [];
    places.set(placeOf(message), [...place, message]);
  }
  const found: Equivocation[] = [];
  for (const [first, ...others] of places.values()) {
    for (const second of others) {
      const evidence = first === undefined ? undefined : pairOf(first, second);
      if (evidence !== undefined && (await holds(evidence, rules))) found.push(evidence);
    }
  }
  return found;
}

/**
 * Verify evidence from itself alone and give the router it speaks against.
 * @throws EvidenceInvalid; the errors of `verifyMessage` for a signature that does not hold
 */
export async function verifyEvidence(evidence: Equivocation, rules: EquivocationRules): Promise<Address> {
  const { first, second } = evidence;
  if (first.kind !== evidence.kind || second.kind !== evidence.kind) throw new EvidenceInvalid("two kinds of message");
  if (placeOf(first) !== placeOf(second)) throw new EvidenceInvalid(`${placeOf(first)} and ${placeOf(second)}`);
  const hashes = [first, second].map((signed) =>
    hashMessage<SoleMessage["kind"]>(signed.kind, signed.value, rules.domain),
  );
  if (hashes[0] === hashes[1]) throw new EvidenceInvalid("both say the same");
  if (evidence.kind === "Attestation") {
    const [a, b] = [evidence.first.value.deadline, evidence.second.value.deadline];
    const apart = a > b ? a - b : b - a;
    if (apart > rules.attestationSeconds) {
      throw new EvidenceInvalid(`deadlines ${a} and ${b}: the first could not be posted when the second was signed`);
    }
  }
  // Evidence does not expire with what it speaks of.
  for (const signed of [first, second])
    await openMessage<SoleMessage["kind"]>(signed, rules.domain, unixSeconds(0), rules.reader);
  return first.signer;
}

/** Watches what passes by, keeps the first message of each place and evidence against the second. */
export interface EquivocationWatch {
  /** Look at a message whose signature holds. @returns the evidence, when it contradicts an earlier one */
  see(message: SoleMessage): Promise<Equivocation | undefined>;
  /** Routers there is evidence against. Their signatures count on chain all the same, until they are removed. */
  equivocators(): Promise<Address[]>;
  /** Forget messages of blocks below `height` and attestations below `seq`; evidence stays. */
  forgetBefore(height: bigint, seq: bigint): void;
}

/** Create a watch over a store. */
export function createEquivocationWatch(store: EvidenceStore, rules: EquivocationRules): EquivocationWatch {
  const firsts = new Map<string, SoleMessage>();
  const proven = new Map<string, Equivocation>();
  return {
    async see(message) {
      const place = placeOf(message);
      const first = firsts.get(place);
      if (first === undefined) firsts.set(place, message);
      const evidence = first && pairOf(first, message);
      if (evidence === undefined || !(await holds(evidence, rules))) return undefined;
      // One pair is enough for a place, however often its messages come by.
      const known = proven.get(place);
      if (known !== undefined) return known;
      proven.set(place, evidence);
      await store.add(evidence);
      return evidence;
    },
    async equivocators() {
      return [...new Set((await store.all()).map(({ first }) => first.signer))];
    },
    forgetBefore(height, seq) {
      for (const [place, message] of firsts) {
        const isOld = message.kind === "Attestation" ? message.value.seq < seq : message.value.height < height;
        if (!isOld) continue;
        firsts.delete(place);
        proven.delete(place);
      }
    },
  };
}

async function holds(evidence: Equivocation, rules: EquivocationRules): Promise<boolean> {
  return verifyEvidence(evidence, rules).then(
    () => true,
    () => false,
  );
}

function pairOf(first: SoleMessage, second: SoleMessage): Equivocation | undefined {
  if (first.kind === "Attestation")
    return second.kind === "Attestation" ? { kind: first.kind, first, second } : undefined;
  return second.kind === "InferenceBlock" ? { kind: first.kind, first, second } : undefined;
}

/** What a router may sign once: a height, or a seq. */
function placeOf({ kind, signer, value }: SoleMessage): string {
  const place = kind === "Attestation" ? value.seq : (value as { height: bigint }).height;
  return `${kind} ${place} of ${signer}`;
}
