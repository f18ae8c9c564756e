import { getBytes } from "ethers";
import { erc1271Reader } from "../actions/erc1271Reader.js";
import { postAttestation, type AttestationPost } from "../actions/postAttestation.js";
import { readProvider } from "../actions/readProvider.js";
import { readRouterSet } from "../actions/readRouterSet.js";
import type { Deployment } from "../deployment/index.js";
import { YellowstoneError } from "../errors/base.js";
import { deltasById } from "../events/attested.js";
import { debitsHash } from "../ledger/debits.js";
import { unpackDeltas } from "../ledger/packing.js";
import {
  hashMessage,
  openMessage,
  requireLive,
  type Attestation,
  type Bid,
  type Kind,
  type Signed,
} from "../messages/index.js";
import { routerSetDigest } from "../router/index.js";
import { unixSeconds, type Address, type Hash32, type UnixSeconds } from "../units/index.js";
import { readQuorum } from "../watch/index.js";
import { isPosted, readAttestationView, reasonsAgainst } from "./attestationChecks.js";
import { domainOf, type SignedInput } from "./messageFile.js";

/** What is known of a signed thing once it was verified. */
export interface Verdict {
  readonly kind: Kind;
  readonly hash: Hash32;
  /** Whose signatures hold. */
  readonly signers: readonly Address[];
  /** What is wrong, one sentence each; empty when it holds. */
  readonly findings: readonly string[];
  /** What else is to be known, such as that it is on chain. */
  readonly notes: readonly string[];
}

/** Whom only routers in force may sign. */
const OF_ROUTERS: readonly Kind[] = ["Match", "InferenceBlock", "Attestation"];
/** Deadlines are looked at on their own, so that a late message is not taken for a forged one. */
const ANY_TIME = unixSeconds(0);

/** Verify a signed thing against domain, router set and chain, at a moment in Unix seconds. @throws ChainRequestFailed */
export async function verifySigned(d: Deployment, input: SignedInput, at: UnixSeconds): Promise<Verdict> {
  return input.form === "post" ? verifyPost(d, input.post) : verifyOne(d, input.message, at);
}

async function verifyOne(d: Deployment, message: Signed<Kind>, at: UnixSeconds): Promise<Verdict> {
  const { kind, value } = message;
  const findings: string[] = [];
  const notes: string[] = [];
  const signers = await signersOf(d, [message], findings);
  if (kind === "Attestation") {
    await judge(d, value as Attestation, findings, notes);
  } else {
    attempt(() => requireLive(kind, value, at), findings);
  }
  if (OF_ROUTERS.includes(kind)) {
    const { routers } = await readRouterSet(d);
    const isRouter = routers.some(({ account }) => account === message.signer);
    if (!isRouter) findings.push(`${message.signer} is not in the router set in force`);
  }
  if (kind === "Bid" || kind === "ModelPossession") await requireOwner(d, value as Bid, message.signer, findings);
  return { kind, hash: hashMessage(kind, value, domainOf(d, kind)), signers, findings, notes };
}

async function verifyPost(d: Deployment, post: Required<AttestationPost>): Promise<Verdict> {
  const { attestation: value } = post;
  const findings: string[] = [];
  const notes: string[] = [];
  let signers: Address[] = [];
  try {
    const { set, signatures } = readQuorum(getBytes(post.quorum));
    const digest = routerSetDigest(set);
    if (digest !== value.routerSet)
      findings.push(`its quorum brings set ${digest}, the message names ${value.routerSet}`);
    const signed = [...signatures].map(
      ([signer, signature]) => ({ kind: "Attestation", value, signer, signature }) as const,
    );
    signers = await signersOf(d, signed, findings);
    if (signers.length < set.threshold) findings.push(`${signers.length} signatures hold, ${set.threshold} are needed`);
    const sum = [...deltasById(unpackDeltas(getBytes(post.deltas))).values()].reduce(
      (total, delta) => total + delta,
      0n,
    );
    if (sum !== value.credited) findings.push(`its deltas add up to ${sum} uMOR, it credits ${value.credited}`);
    const debits = debitsHash(getBytes(post.debits));
    if (debits !== value.debitsHash) findings.push(`its debits hash to ${debits}, it names ${value.debitsHash}`);
  } catch (error) {
    findings.push(sentenceOf(error));
  }
  const isOpen = await judge(d, value, findings, notes);
  if (isOpen && findings.length === 0) {
    // The contract itself has the last word on roots and witness.
    await postAttestation.simulate(d, post).then(
      () => notes.push("the contract would take it now"),
      (error: unknown) => findings.push(sentenceOf(error)),
    );
  }
  return { kind: "Attestation", hash: hashMessage("Attestation", value, d.domain), signers, findings, notes };
}

/** @returns whether it is still to be posted and could be, by what the chain says of its head */
async function judge(d: Deployment, value: Attestation, findings: string[], notes: string[]): Promise<boolean> {
  const view = await readAttestationView(d, value.seq);
  if (isPosted(value, view)) {
    notes.push(`it is on chain${value.seq <= view.head.activeSeq ? " and active" : ", and can still be vetoed"}`);
    return false;
  }
  const reasons = reasonsAgainst(value, view);
  findings.push(...reasons.map((reason) => `it cannot be posted: ${reason}`));
  return reasons.length === 0;
}

async function signersOf(d: Deployment, messages: readonly Signed<Kind>[], findings: string[]): Promise<Address[]> {
  const signers: Address[] = [];
  const reader = erc1271Reader(d.provider);
  for (const message of messages) {
    try {
      signers.push((await openMessage(message, domainOf(d, message.kind), ANY_TIME, reader)).signer);
    } catch (error) {
      findings.push(sentenceOf(error));
    }
  }
  return signers;
}

async function requireOwner(
  d: Deployment,
  { providerId }: Pick<Bid, "providerId">,
  signer: Address,
  findings: string[],
): Promise<void> {
  try {
    const { owner } = await readProvider(d, providerId);
    if (owner !== signer) findings.push(`${signer} does not own provider ${providerId}, ${owner} does`);
  } catch (error) {
    findings.push(sentenceOf(error));
  }
}

function attempt(act: () => void, findings: string[]): void {
  try {
    act();
  } catch (error) {
    findings.push(sentenceOf(error));
  }
}

/** A failure of what is looked at is a finding; one of the node is not. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof YellowstoneError) || error.code === "ChainRequestFailed") throw error;
  return error.message;
}
