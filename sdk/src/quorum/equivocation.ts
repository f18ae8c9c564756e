import { ChainRequestFailed } from "../errors/chain.js";
import { EvidenceInvalid } from "../errors/quorum.js";
import { hashMessage, openMessage, type Domain, type Erc1271Reader, type Signed } from "../messages/index.js";
import { unixSeconds, type Address, type Hash32 } from "../units/index.js";

// Evidence does not expire with what it speaks of.
const ANY_TIME = unixSeconds(0);

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
  const kept: Kept = new Map();
  const found: Equivocation[] = [];
  for (const message of messages) {
    if (!(await maySpeak(message, rules))) continue;
    for (const first of earlierThan(kept, message, rules.domain)) {
      const evidence = pairOf(first, message);
      if (await holds(evidence, rules)) found.push(evidence);
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
  for (const signed of [first, second]) {
    await openMessage<SoleMessage["kind"]>(signed, rules.domain, ANY_TIME, rules.reader);
  }
  return first.signer;
}

/** Watches what passes by, keeps the messages of each place and evidence against the first that contradicts one. */
export interface EquivocationWatch {
  /** Look at a message; one whose signature does not hold says nothing. @returns the evidence that there is of its place */
  see(message: SoleMessage): Promise<Equivocation | undefined>;
  /** Routers there is evidence against. Their signatures count on chain all the same, until they are removed. */
  equivocators(): Promise<Address[]>;
  /** Forget messages of blocks below `height` and attestations below `seq`; evidence stays. */
  forgetBefore(height: bigint, seq: bigint): void;
}

/** Create a watch over a store. */
export function createEquivocationWatch(store: EvidenceStore, rules: EquivocationRules): EquivocationWatch {
  const kept: Kept = new Map();
  const proven = new Map<string, Equivocation>();
  return {
    async see(message) {
      if (!(await maySpeak(message, rules))) return undefined;
      const place = placeOf(message);
      // One pair is enough for a place, however many messages come by.
      if (proven.has(place)) return proven.get(place);
      for (const first of earlierThan(kept, message, rules.domain)) {
        const evidence = pairOf(first, message);
        if (!(await holds(evidence, rules))) continue;
        // Another one may have proven it in the meantime.
        const known = proven.get(place);
        if (known !== undefined) return known;
        proven.set(place, evidence);
        await store.add(evidence);
        return evidence;
      }
      return undefined;
    },
    async equivocators() {
      return [...new Set((await store.all()).map(({ first }) => first.signer))];
    },
    forgetBefore(height, seq) {
      for (const [place, messages] of kept) {
        const isOld = [...messages.values()].every((message) => {
          return message.kind === "Attestation" ? message.value.seq < seq : message.value.height < height;
        });
        if (!isOld) continue;
        kept.delete(place);
        proven.delete(place);
      }
    },
  };
}

/** Whether a signature may hold: no where it does not, yes where a contract router could not be asked. */
async function maySpeak(signed: SoleMessage, { domain, reader }: EquivocationRules): Promise<boolean> {
  return openMessage<SoleMessage["kind"]>(signed, domain, ANY_TIME, reader).then(
    () => true,
    (error: unknown) => error instanceof ChainRequestFailed,
  );
}

async function holds(evidence: Equivocation, rules: EquivocationRules): Promise<boolean> {
  return verifyEvidence(evidence, rules).then(
    () => true,
    () => false,
  );
}

/** Messages by place and digest, in the order in which they came. */
type Kept = Map<string, Map<Hash32, SoleMessage>>;

/**
 * Keep a message. @returns what was kept of its place before; nothing for one that is known. All of it counts: an attestation
 * that was signed anew in time contradicts none before it, and a later one may contradict it.
 */
function earlierThan(kept: Kept, message: SoleMessage, domain: Domain): SoleMessage[] {
  const digest = hashMessage<SoleMessage["kind"]>(message.kind, message.value, domain);
  const messages = kept.get(placeOf(message)) ?? new Map<Hash32, SoleMessage>();
  if (messages.has(digest)) return [];
  const earlier = [...messages.values()];
  kept.set(placeOf(message), messages.set(digest, message));
  return earlier;
}

/** Two messages of one place, which names their kind: `verifyEvidence` refuses any other pair. */
function pairOf(first: SoleMessage, second: SoleMessage): Equivocation {
  return { kind: first.kind, first, second } as Equivocation;
}

/** What a router may sign once: a height, or a seq. */
function placeOf({ kind, signer, value }: SoleMessage): string {
  const place = kind === "Attestation" ? value.seq : (value as { height: bigint }).height;
  return `${kind} ${place} of ${signer}`;
}
