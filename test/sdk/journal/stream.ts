import { YellowstoneError } from "@yellowstone-compute/sdk/errors";
import { CHAIN_LIMITS, LedgerTree, packDebits, type ClosedBlock, type Head } from "@yellowstone-compute/sdk/ledger";
import { bytesToHex } from "@yellowstone-compute/sdk/crypto";
import { hashMessage } from "@yellowstone-compute/sdk/messages";
import { routerSetDigest, type Matched, type Router } from "@yellowstone-compute/sdk/router";
import { blockAt, hash32, providerId, uMor, unixMillis, unixSeconds, ZERO_HASH } from "@yellowstone-compute/sdk/units";
import { EMISSION_START, MOR, NOON_MS, bid, domain, owner, report, rfc, set } from "../router/world.js";

/** Deterministic numbers in [0, below): a 64-bit linear congruential generator, upper bits. */
export function generator(seed: number): (below: number) => number {
  let state = BigInt(seed) * 2n + 1n;
  return (below) => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & ((1n << 64n) - 1n);
    return Number((state >> 33n) % BigInt(below));
  };
}

/** Called before a signed attestation goes to the chain. */
export type OnSigned = (seq: bigint, digest: string) => void;

/** Everything a router was asked to do and what it said, for one seed: real messages, signed by real keys. */
export class Stream {
  readonly closed: ClosedBlock[] = [];
  readonly acknowledged: string[] = [];
  atMs = NOON_MS;
  #step = 0;
  #tree = LedgerTree.empty();
  #lastSeq = 0n;
  readonly #open = new Map<string, { name: string; matched: Matched }>();
  readonly #names = new Map<string, string>();
  readonly #random: (below: number) => number;

  constructor(
    readonly router: Router,
    seed: number,
    private readonly onSigned: OnSigned = () => undefined,
  ) {
    this.#random = generator(seed);
  }

  async begin(): Promise<void> {
    for (const provider of [0, 1, 2]) {
      const price = 333_333_333_333n + BigInt(provider);
      await this.router.postBid(await bid(provider, price, { sequence: 1n, capacity: 2 }), owner.address, this.atMs);
    }
  }

  /** One step of the stream; refusals are part of it. */
  async step(): Promise<void> {
    const verb = this.#random(10);
    const figure = this.#random(100);
    this.#step++;
    try {
      if (verb < 4) await this.#admit(figure);
      else if (verb < 7) await this.#report(figure);
      else if (verb === 7) this.atMs += BigInt(figure) * 150n;
      else if (verb === 8) await this.#settle(figure);
      else await this.#housekeeping(figure);
    } catch (error) {
      if (!(error instanceof YellowstoneError)) throw error;
      this.acknowledged.push(error.code);
    }
  }

  async #admit(figure: number): Promise<void> {
    const name = `user ${figure % 5}`;
    const times = { issuedAtMs: unixMillis(this.atMs), deadlineAt: unixSeconds(this.atMs / 1_000n + 20n) };
    const signed = await rfc(name, { ...times, tokenMax: 100n, nonce: BigInt(this.#step) });
    const forged = figure > 95 ? { ...signed, value: { ...signed.value, tokenMax: 7n } } : signed;
    const placed = await this.router.admit(forged, { balanceWei: MOR, atMs: this.atMs });
    if (placed.rfcHash !== undefined) this.#names.set(placed.rfcHash, name);
    this.#note(placed);
  }

  async #report(figure: number): Promise<void> {
    const [first] = this.#open.values();
    if (first === undefined) return;
    const { name, matched } = first;
    this.#open.delete(matched.matchHash);
    if (figure < 8) return this.#note(await this.router.unanswered(matched.matchHash, this.atMs));
    const change = { receivedAtMs: matched.match.value.matchedAtMs, tokens: BigInt(figure), passed: figure % 7 !== 0 };
    const judged = await this.router.report(await report(name, matched, change), this.atMs);
    this.acknowledged.push(`${judged.status} ${judged.reportHash} ${judged.creditWei}`);
  }

  async #housekeeping(figure: number): Promise<void> {
    if (figure < 30) for (const each of await this.router.pump(this.atMs)) this.#note(each);
    else if (figure < 50) for (const each of this.router.expire(this.atMs)) this.#note(each);
    else this.closed.push(...(await this.router.closeBlocks(this.atMs)));
  }

  /** Attest, and now and then take it back. */
  async #settle(figure: number): Promise<void> {
    const { atMs } = this;
    const openBlock = blockAt(atMs / 1_000n, EMISSION_START);
    const headRoot = hash32(bytesToHex(this.#tree.root()));
    const head: Head = {
      lastSeq: this.#lastSeq,
      headRoot,
      nextBlock: openBlock < 1n ? 0n : openBlock - 1n,
      openBlock,
      routerSet: routerSetDigest(set),
    };
    const debits = figure % 3 === 0 ? [{ providerId: providerId(1), amountUMor: uMor(7n), reasonHash: ZERO_HASH }] : [];
    const draft = this.router.propose(head, 100n + BigInt(figure), atMs, CHAIN_LIMITS.geth, debits);
    if (draft === undefined) return;
    const signed = await this.router.sign(draft);
    this.acknowledged.push(`signed ${signed.value.seq} ${signed.signature} ${packDebits(debits).length}`);
    this.onSigned(signed.value.seq, hashMessage("Attestation", signed.value, domain));
    const before = this.#tree;
    this.router.accepted(draft);
    this.#lastSeq++;
    this.#tree = draft.after;
    if (figure > 80) {
      this.router.vetoed(this.#lastSeq);
      this.#tree = before;
    } else if (figure > 60) this.router.settled(this.#lastSeq);
  }

  #note(placed: { readonly status: string; readonly rfcHash: string | undefined }): void {
    this.acknowledged.push(`${placed.status} ${placed.rfcHash}`);
    if (placed.status !== "matched") return;
    const matched = placed as Matched;
    this.#open.set(matched.matchHash, { name: this.#names.get(matched.rfcHash) ?? "", matched });
  }
}
