import { expect } from "chai";
import * as errors from "@yellowstone-compute/sdk/errors";
import { homeRouterOf, userShareWei } from "@yellowstone-compute/sdk/access";
import {
  LedgerTree,
  mergeBlocks,
  packDebits,
  requireLinked,
  unpackDebits,
  unpackDeltas,
  type ClosedBlock,
} from "@yellowstone-compute/sdk/ledger";
import {
  createDomain,
  parseMessage,
  serializeMessage,
  signMessage,
  type Bid,
  type InferenceReport,
  type Rfc,
  type Signed,
} from "@yellowstone-compute/sdk/messages";
import { parseEvidence, parseProposal, serializeEvidence, serializeProposal } from "@yellowstone-compute/sdk/quorum";
import {
  createRouter,
  createRouterState,
  type Matched,
  type Router,
  type RouterState,
} from "@yellowstone-compute/sdk/router";
import {
  ZERO_HASH,
  hash32,
  parseMor,
  providerId,
  uMor,
  unixMillis,
  unixSeconds,
  wei,
  type Hex,
} from "@yellowstone-compute/sdk/units";
import {
  EMISSION_START,
  MODEL,
  MOR,
  NOON_MS,
  bid,
  domain,
  keyOf,
  owner,
  policyOf,
  report,
  rfc,
  routerKey,
  set,
} from "./router/world.js";

const AT = NOON_MS / 1_000n;
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const CHECKED = "0x5FbDB2315678afecb367f032d93F642f64180aa3";

interface World {
  readonly router: Router;
  readonly state: RouterState;
  readonly ann: Matched;
  readonly annRfc: Signed<"Rfc">;
  readonly reported: Signed<"InferenceReport">;
  readonly handedOn: Matched;
  readonly block: ClosedBlock;
}
type Bad = (w: World) => unknown;
type Case = readonly [name: string, run: Bad, expected: new (...args: never[]) => errors.YellowstoneError];

// -- what arrives as text -------------------------------------------------------------------------------------------
const rfcText = async (change: object) => {
  const { value, ...rest } = serializeMessage(await rfc("ann"));
  return parseMessage("Rfc", { ...rest, value: { ...value, ...change } });
};
const bidText = async (change: object) => {
  const { value, ...rest } = serializeMessage(await bid(0, 1n));
  return parseMessage("Bid", { ...rest, value: { ...value, ...change } });
};
const envelope = async (change: object) => parseMessage("Rfc", { ...serializeMessage(await rfc("ann")), ...change });
const I = errors.InvalidField;

const TEXT: readonly Case[] = [
  ["an address of 19 bytes", () => rfcText({ user: CHECKED.slice(0, 40) }), I],
  ["an address with a wrong checksum", () => rfcText({ user: CHECKED.replace("5F", "5f") }), I],
  ["an address without 0x", () => rfcText({ user: CHECKED.slice(2) }), I],
  ["an address with a letter beyond f", () => rfcText({ user: `0x${"g".repeat(40)}` }), I],
  ["an address as a number", () => rfcText({ user: 0x5f }), I],
  ["a hash of odd length", () => rfcText({ modelId: `0x${"1".repeat(63)}` }), I],
  ["a hash of 33 bytes", () => rfcText({ modelId: `0x${"11".repeat(33)}` }), I],
  ["a number for a bigint", () => rfcText({ tokenMax: 5 }), I],
  ["a float", () => rfcText({ tokenMax: 5.5 }), I],
  ["a float as text", () => rfcText({ tokenMax: "5.5" }), I],
  ["NaN", () => rfcText({ tokenMax: NaN }), I],
  ["Infinity", () => rfcText({ tokenMax: Infinity }), I],
  ["a negative amount", () => rfcText({ tokenMax: "-1" }), I],
  ["an exponent", () => rfcText({ tokenMax: "1e3" }), I],
  ["hex for an amount", () => rfcText({ tokenMax: "0x10" }), I],
  ["a leading zero", () => rfcText({ tokenMax: "01" }), I],
  ["a space", () => rfcText({ tokenMax: " 1" }), I],
  ["an empty amount", () => rfcText({ tokenMax: "" }), I],
  ["2^64 for 64 bits", () => rfcText({ tokenMax: (1n << 64n).toString() }), I],
  ["2^256", () => rfcText({ nonce: (1n << 256n).toString() }), I],
  ["2^256 as a bigint", () => rfcText({ nonce: 1n << 256n }), I],
  ["a million digits", () => rfcText({ nonce: "9".repeat(1_000_000) }), I],
  ["null for a value", () => rfcText({ nonce: null }), I],
  ["an object for a value", () => rfcText({ nonce: { valueOf: () => 1n } }), I],
  ["a missing field", () => rfcText({ nonce: undefined }), I],
  ["a field too many", () => rfcText({ extra: 1 }), I],
  ["a key __proto__", () => parseMessage("Rfc", JSON.parse('{"__proto__": {"kind": "Rfc"}}')), I],
  ["a key constructor", () => rfcText({ constructor: 1 }), I],
  ["a symbol as key", () => rfcText({ [Symbol("x")]: 1 }), I],
  [
    "inherited fields",
    async () => parseMessage("Rfc", Object.create(serializeMessage(await rfc("ann"))) as unknown),
    I,
  ],
  ["an array", () => parseMessage("Rfc", []), I],
  ["a Map", () => parseMessage("Rfc", new Map()), I],
  ["text instead of an object", () => parseMessage("Rfc", "{}"), I],
  ["another kind", () => envelope({ kind: "Bid" }), I],
  ["an unknown kind", async () => parseMessage("Nothing" as "Rfc", serializeMessage(await rfc("ann"))), I],
  ["the kind toString", async () => parseMessage("toString" as "Rfc", serializeMessage(await rfc("ann"))), I],
  ["a signature of odd length", () => envelope({ signature: "0x123" }), I],
  ["a signature of 5,000 bytes", () => envelope({ signature: `0x${"00".repeat(5_000)}` }), I],
  ["a signer that is no address", () => envelope({ signer: "0x" }), I],
  ["a unit beyond the enum", () => bidText({ unit: 6 }), I],
  ["minus zero", () => bidText({ capacity: -0 }), I],
  ["2^32 for 32 bits", () => bidText({ capacity: 2 ** 32 }), I],
  ["half a job", () => bidText({ capacity: 1.5 }), I],
  ["a lone surrogate", () => bidText({ endpoint: "\ud800" }), I],
  ["an endpoint of 3,000 characters", () => bidText({ endpoint: "x".repeat(3_000) }), I],
  ["MOR with an exponent", () => parseMor("1e18"), I],
  ["MOR with 19 decimals", () => parseMor(`0.${"1".repeat(19)}`), I],
  ["half a wei", () => wei(0.5), I],
  ["a number too large to be exact", () => wei(2 ** 53), I],
];

// -- what arrives signed ----------------------------------------------------------------------------------------------
const admit = async (w: World, name: string, change: Partial<Rfc> = {}, balanceWei = MOR) =>
  w.router.admit(await rfc(name, change), { balanceWei, atMs: NOON_MS });
const resigned = async (w: World, signature: (given: string) => string) => {
  const signed = await rfc("ben");
  return w.router.admit(
    { ...signed, signature: signature(signed.signature) as Hex },
    { balanceWei: MOR, atMs: NOON_MS },
  );
};
const elsewhere = async (w: World, chainId: bigint, contract: string) => {
  const { value } = await rfc("ben");
  const signed = await signMessage(keyOf("ben"), "Rfc", value, createDomain(chainId, contract));
  return w.router.admit(signed, { balanceWei: MOR, atMs: NOON_MS });
};
const send = async (w: World, change: Partial<InferenceReport>, name = "ann", atMs = NOON_MS + 1_000n) =>
  w.router.report(await report(name, w.ann, change), atMs);
const post = async (w: World, provider: number, priceWei: bigint, change: Partial<Bid> = {}) =>
  w.router.postBid(await bid(provider, priceWei, change), owner.address, NOON_MS);
const highS = (given: string) => {
  const s = ORDER - BigInt(`0x${given.slice(66, 130)}`);
  return `${given.slice(0, 66)}${s.toString(16).padStart(64, "0")}${given.endsWith("1b") ? "1c" : "1b"}`;
};

const SIGNED: readonly Case[] = [
  ["an RFC of another signer", (w) => admit(w, "thief", { user: keyOf("ann").address }), errors.SignerMismatch],
  ["an RFC for another chain", (w) => elsewhere(w, 1n, domain.verifyingContract), errors.SignerMismatch],
  ["an RFC for another contract", (w) => elsewhere(w, 31_337n, CHECKED), errors.SignerMismatch],
  ["a signature of 64 bytes", (w) => resigned(w, (given) => given.slice(0, 130)), errors.SignatureLength],
  ["a signature with v 0", (w) => resigned(w, (given) => `${given.slice(0, 130)}00`), errors.SignatureRecoveryByte],
  ["a signature with a high s", (w) => resigned(w, highS), errors.SignatureMalleable],
  ["a signature of zeros", (w) => resigned(w, () => `0x${"00".repeat(64)}1b`), errors.InvalidSignature],
  ["an RFC again", (w) => w.router.admit(w.annRfc, { balanceWei: MOR, atMs: NOON_MS }), errors.RfcReplayed],
  ["another RFC with its nonce", (w) => admit(w, "ann", { nonce: w.annRfc.value.nonce }), errors.RfcReplayed],
  ["an RFC after its deadline", (w) => admit(w, "ben", { deadlineAt: unixSeconds(AT - 1n) }), errors.MessageExpired],
  [
    "an RFC from a clock ahead",
    (w) => admit(w, "ben", { issuedAtMs: unixMillis(NOON_MS + 2_001n) }),
    errors.RfcWindowInvalid,
  ],
  ["an RFC open for a day", (w) => admit(w, "ben", { deadlineAt: unixSeconds(AT + 86_400n) }), errors.RfcWindowInvalid],
  ["an RFC for no token", (w) => admit(w, "ben", { tokenMax: 0n }), errors.InvalidAccessInput],
  ["an RFC above the quota", (w) => admit(w, "ben", { tokenMax: 101n }), errors.QuotaExceeded],
  ["an RFC for 2^64 - 1 tokens", (w) => admit(w, "ben", { tokenMax: 2n ** 64n - 1n }), errors.QuotaExceeded],
  ["a user without MOR", (w) => admit(w, "ben", {}, 0n), errors.QuotaExceeded],
  ["a balance above the supply", (w) => admit(w, "ben", {}, 10n ** 30n), errors.InvalidAccessInput],
  ["a negative balance", (w) => admit(w, "ben", {}, -1n), I],
  ["a moment before the start", async (w) => w.router.admit(await rfc("ben"), { balanceWei: MOR, atMs: -1n }), I],
  ["a report of another key", (w) => send(w, {}, "thief"), errors.SignerMismatch],
  ["a report of no match", (w) => send(w, { matchHash: ZERO_HASH }), errors.MatchUnknown],
  ["a report of an RFC", (w) => send(w, { matchHash: w.ann.rfcHash }), errors.MatchUnknown],
  ["a report of another provider", (w) => send(w, { providerId: providerId(7) }), errors.ReportProviderMismatch],
  ["a report of too many tokens", (w) => send(w, { tokens: 101n }), errors.TokenMaxExceeded],
  [
    "a report that was received before it was sent",
    (w) => send(w, { sentAtMs: unixMillis(NOON_MS + 2_000n) }),
    errors.ReportStampsInvalid,
  ],
  [
    "a report from a clock ahead",
    (w) => send(w, { receivedAtMs: unixMillis(NOON_MS + 3_001n) }),
    errors.ReportStampsInvalid,
  ],
  [
    "a report from a clock behind",
    (w) => send(w, { sentAtMs: unixMillis(NOON_MS - 2_001n) }),
    errors.ReportStampsInvalid,
  ],
  ["a report a second time", (w) => w.router.report(w.reported, NOON_MS + 1_000n), errors.MatchUnknown],
  [
    "a report after its match was given up",
    async (w) => w.router.report(await report("eve", w.handedOn), NOON_MS),
    errors.MatchUnknown,
  ],
  ["no answer to no match", (w) => w.router.unanswered(ZERO_HASH, NOON_MS), errors.MatchUnknown],
  [
    "a bid of another signer",
    async (w) => w.router.postBid(await bid(0, 1n), keyOf("thief").address, NOON_MS),
    errors.SignerMismatch,
  ],
  ["a bid for nothing", (w) => post(w, 0, 0n), errors.BidPriceNotPositive],
  ["a bid in pictures", (w) => post(w, 0, 1n, { unit: 1 }), errors.BidUnitUnpriced],
  ["a bid overtaken by a newer one", (w) => post(w, 0, 1n, { sequence: 0n }), errors.StaleBid],
  ["a bid that is over", (w) => post(w, 0, 1n, { expiresAt: unixSeconds(AT - 1n) }), errors.MessageExpired],
  ["a bid of a provider beyond the ledger", (w) => post(w, 2 ** 22, 1n), errors.LaneOutsideTree],
];

// -- what arrives from other routers, and what is built from it ---------------------------------------------------------
const evidenceOf = (w: World, steps: unknown) => ({
  ...serializeEvidence({ block: w.block.signed, steps: [] }),
  steps,
});
const proposalText = (change: object) => {
  const zero = { previousRoot: ZERO_HASH, newRoot: ZERO_HASH, debitsHash: ZERO_HASH, reportsRoot: ZERO_HASH };
  const rest = { seq: 1n, firstBlock: 1n, lastBlock: 1n, credited: uMor(1n), deadline: unixSeconds(1) };
  const attestation = { ...zero, ...rest, routerSet: ZERO_HASH };
  return parseProposal({ ...serializeProposal({ attestation, through: [], paidCount: 0, debits: [] }), ...change });
};
const debit = { providerId: providerId(1), amountUMor: uMor(1n), reasonHash: ZERO_HASH };
const end = { kind: "unanswered", atMs: "1", matchHash: ZERO_HASH };

const BUILT: readonly Case[] = [
  ["evidence that is no object", () => parseEvidence("block"), I],
  ["steps that are no array", (w) => parseEvidence(evidenceOf(w, { length: 2 })), I],
  ["a million and one steps", (w) => parseEvidence(evidenceOf(w, new Array(1_000_001))), I],
  ["a step of an unknown kind", (w) => parseEvidence(evidenceOf(w, [{ ...end, kind: "forgotten" }])), I],
  ["a step whose kind is inherited", (w) => parseEvidence(evidenceOf(w, [Object.create(end)])), I],
  ["a step with more fields", (w) => parseEvidence(evidenceOf(w, [{ ...end, creditWei: "1" }])), I],
  ["a step at a number", (w) => parseEvidence(evidenceOf(w, [{ ...end, atMs: 1 }])), I],
  ["a step of half a match", (w) => parseEvidence(evidenceOf(w, [{ ...end, matchHash: "0x11" }])), I],
  ["a hole in the steps", (w) => parseEvidence(evidenceOf(w, new Array(1))), I],
  [
    "a match that lapsed a little",
    async (w) => {
      const match = { lapsed: 1, value: serializeMessage(w.ann.match).value };
      return parseEvidence(
        evidenceOf(w, [{ kind: "match", atMs: "1", rfc: serializeMessage(await rfc("ann")), match }]),
      );
    },
    I,
  ],
  [
    "a report with a credit of 2^256",
    (w) => {
      const step = {
        kind: "report",
        atMs: "1",
        report: serializeMessage(w.reported),
        creditWei: (1n << 256n).toString(),
      };
      return parseEvidence(evidenceOf(w, [step]));
    },
    I,
  ],
  ["a proposal that pays NaN reports", () => proposalText({ paidCount: NaN }), I],
  ["a proposal that pays -1 reports", () => proposalText({ paidCount: -1 }), I],
  ["a proposal of 33 routers", () => proposalText({ through: new Array(33) }), I],
  ["a proposal with 33 debits", () => proposalText({ debits: new Array(33) }), I],
  ["a proposal with a key too many", () => proposalText({ signatures: [] }), I],
  ["33 debits", () => packDebits(new Array<typeof debit>(33).fill(debit)), errors.DebitsLengthInvalid],
  ["a debit of nothing", () => packDebits([{ ...debit, amountUMor: uMor(0n) }]), errors.DebitZero],
  ["half a debit", () => unpackDebits(new Uint8Array(22)), errors.DebitsLengthInvalid],
  ["deltas that end too early", () => unpackDeltas(Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 9)), errors.PayloadTruncated],
  ["a lane beyond 2^62", () => LedgerTree.from([2n ** 62n - 1n]).apply(new Map([[0, 1n]])), errors.LaneOverflow],
  ["a lane that falls", () => LedgerTree.from([5n]).apply(new Map([[0, -1n]])), errors.LaneOverflow],
  ["a provider that is half another", () => LedgerTree.empty().apply(new Map([[0.5, 1n]])), errors.LaneOutsideTree],
  ["a block twice", (w) => mergeBlocks([w.block, w.block]), errors.BlockNotLinked],
  [
    "a report in two blocks",
    (w) => {
      const { signed } = w.block;
      const next = { ...signed, value: { ...signed.value, height: signed.value.height + 1n } };
      return mergeBlocks([w.block, { ...w.block, signed: next }]);
    },
    errors.ReportDuplicated,
  ],
  ["blocks out of order", (w) => requireLinked(w.block, w.block), errors.BlockNotLinked],
  ["a block without its reports", (w) => requireLinked(undefined, { ...w.block, reports: [] }), errors.BlockNotLinked],
  [
    "a supply of nothing",
    () => userShareWei({ budgetWei: 1n, balanceWei: 0n, supplyWei: 0n }),
    errors.InvalidAccessInput,
  ],
  [
    "a budget below nothing",
    () => userShareWei({ budgetWei: -1n, balanceWei: 0n, supplyWei: 1n }),
    errors.InvalidAccessInput,
  ],
  ["a home among no routers", () => homeRouterOf(CHECKED, 1n, []), errors.InvalidAccessInput],
  ["a home of nobody", () => homeRouterOf("0x", 1n, [CHECKED]), errors.InvalidAccessInput],
  ["a home on a day of 65 bits", () => homeRouterOf(CHECKED, 1n << 64n, [CHECKED]), errors.InvalidAccessInput],
  ["a hash that is none", () => hash32("0x"), I],
];

describe(`bad input, ${TEXT.length + SIGNED.length + BUILT.length} cases`, () => {
  let world: World;

  before(async () => {
    const state = createRouterState(policyOf(), EMISSION_START);
    const router = await createRouter({
      signer: routerKey,
      domain,
      set,
      policy: policyOf(),
      emissionStart: EMISSION_START,
      state,
    });
    for (const provider of [0, 1, 2])
      await router.postBid(await bid(provider, MOR / 100_000n), owner.address, NOON_MS - 60_000n);
    const rich = { balanceWei: 100n * MOR, atMs: NOON_MS - 24_000n };
    const early = { issuedAtMs: unixMillis(rich.atMs) };
    const dan = (await router.admit(await rfc("dan", early), rich)) as Matched;
    const reported = await report("dan", dan);
    await router.report(reported, NOON_MS - 22_000n);
    const [block] = await router.closeBlocks(NOON_MS);
    const annRfc = await rfc("ann");
    const ann = (await router.admit(annRfc, { ...rich, atMs: NOON_MS })) as Matched;
    const handedOn = (await router.admit(await rfc("eve"), { ...rich, atMs: NOON_MS })) as Matched;
    await router.unanswered(handedOn.matchHash, NOON_MS);
    await router.admit(await rfc("fay"), { ...rich, atMs: NOON_MS });
    world = { router, state, ann, annRfc, reported, handedOn, block: block! };
  });

  /** Everything the router knows that bad input could move; refusals are counted, and only counted. */
  function fingerprint({ state, router }: World): unknown {
    const { queue, matches, nonces, bids, bidsAhead, open, earned, meter, book, counts, lastBlockHash, judgedWei } =
      state;
    const users = ["ann", "ben", "dan", "eve", "fay", "thief"].map((name) => meter.usedWei(keyOf(name).address, 3n));
    const standings = [0n, 1n, 2n].map((id) => [state.failures.standingOf(MODEL, id), book.jobsOf(MODEL, id)]);
    return {
      sizes: [queue.size, matches.size, nonces.size, bids.size, bidsAhead.size, open.size, earned.length],
      users,
      standings,
      samples: [...state.gates.values()].map((gate) => gate.samples()),
      judged: [...judgedWei],
      counts: { ...counts, rejected: 0 },
      lastBlockHash,
      backlog: router.backlogUMor(),
    };
  }

  async function errorOf(run: Bad): Promise<unknown> {
    try {
      const answer = (await run(world)) as { status?: string; reason?: unknown } | undefined;
      return answer?.status === "rejected" ? answer.reason : "taken";
    } catch (error) {
      return error;
    }
  }

  for (const [part, cases] of Object.entries({ TEXT, SIGNED, BUILT })) {
    describe(part.toLowerCase(), () => {
      for (const [name, run, expected] of cases) {
        it(`${name}: ${expected.name}`, async () => {
          const before = fingerprint(world);
          const error = (await errorOf(run)) as errors.YellowstoneError;
          expect(error).to.be.instanceOf(expected);
          expect(error.next).to.match(/^[A-Z].*\.$/);
          expect(error.message.length).to.be.below(400);
          expect(fingerprint(world)).to.deep.equal(before);
        });
      }
    });
  }

  describe("afterwards", () => {
    it("leaves a router that goes on as if nothing had come", async () => {
      const judged = await world.router.report(await report("ann", world.ann), NOON_MS + 1_000n);
      expect(judged.status).to.equal("served");
    });
  });
});
