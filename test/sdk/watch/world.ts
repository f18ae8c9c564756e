import { homeRouterOf } from "@yellowstone-compute/sdk/access";
import * as sdk from "@yellowstone-compute/sdk";
import {
  ACTIVATION_DELAY,
  ROUTERS,
  attestationOf,
  deployWithProviders,
  networkHelpers,
  quorumOf,
} from "../actions/fixture.js";

const MOR = 10n ** 18n;
/** 80 tokens at this price are 80 uMOR. */
export const PRICE = 10n ** 12n;
const MODEL = sdk.modelId(sdk.keccak256Text("model"));
const owner = sdk.localSigner(sdk.keccak256Text("owner"));
export const policy = sdk.createPolicy({
  accessOf: () => ({ budgetWei: 1_000n * MOR, supplyWei: 1_000_000n * MOR }),
});

interface WorldRouter {
  readonly address: sdk.Address;
  readonly router: sdk.Router;
  readonly recorder: sdk.EvidenceRecorder;
}

/** Three routers that serve users, publish blocks and attest to a real chain. */
export class WatchWorld {
  /** What each router publishes: a test may change it. */
  readonly published = new Map<sdk.Address, sdk.BlockEvidence[]>();
  /** Sends an attestation to the chain. */
  post = (post: sdk.AttestationPost): Promise<unknown> => sdk.postAttestation.sendAndWait(this.d, post);
  /** Routers that do not answer. */
  readonly silent = new Set<sdk.Address>();
  #serial = 0n;

  private constructor(
    readonly suite: Awaited<ReturnType<typeof deployWithProviders>>,
    readonly routers: readonly WorldRouter[],
    readonly proposer: sdk.Proposer,
  ) {}

  static async deploy(): Promise<WatchWorld> {
    const suite = await deployWithProviders(6, { owner: owner.address });
    const { d } = suite;
    const set = await sdk.readRouterSet(d);
    const routers: WorldRouter[] = [];
    for (const signer of ROUTERS) {
      const recorder = sdk.createEvidenceRecorder(d.emissionStart);
      const { emissionStart, domain } = d;
      const router = await sdk.createRouter({
        signer,
        domain,
        set,
        policy,
        emissionStart,
        observer: recorder.observer,
      });
      routers.push({ address: signer.address, router, recorder });
    }
    const world = new WatchWorld(suite, routers, sdk.createProposer({ set, policy }));
    const at = await world.now();
    for (const { router } of routers)
      for (const id of [0, 1]) await router.postBid(await world.bid(id, at), owner.address, at);
    return world;
  }

  get d(): sdk.Deployment {
    return this.suite.d;
  }

  /** What `watch` takes beside how it follows. */
  get options(): sdk.WatchOptions {
    return {
      policy,
      balanceWei: () => Promise.resolve(20n * MOR),
      isOwner: (_, signer) => Promise.resolve(signer === owner.address),
      transport: {
        fetchBlocks: (router, above) => {
          if (this.silent.has(router)) return Promise.reject(new sdk.TransportFailed(router, "no answer"));
          const blocks = this.published.get(router) ?? [];
          return Promise.resolve(blocks.filter(({ block }) => block.value.height > above));
        },
      },
    };
  }

  /** Moment of the chain, in Unix milliseconds. */
  async now(): Promise<bigint> {
    return BigInt(await networkHelpers.time.latest()) * 1_000n;
  }

  /** Router `of` serves so many queries of 80 uMOR each: provider 0 is the cheaper one. */
  async serve(of: number, queries = 1): Promise<void> {
    for (let i = 0; i < queries; i++) {
      const at = await this.now();
      const user = this.#userOf(of, at);
      const { router } = this.routers[of]!;
      const placed = await router.admit(await this.#rfc(user, at), { balanceWei: 20n * MOR, atMs: at });
      if (placed.status !== "matched") throw new Error(placed.status);
      await router.report(await this.#report(user, placed), at + 1_000n);
    }
  }

  /** Time passes, and all routers publish what is complete. */
  async publish(seconds = 24): Promise<void> {
    await networkHelpers.time.increase(seconds);
    const at = await this.now();
    for (const { address, router, recorder } of this.routers) {
      const closed = await router.closeBlocks(at);
      this.published.set(address, [...(this.published.get(address) ?? []), ...recorder.take()]);
      for (const block of closed) this.proposer.take(block);
    }
  }

  /** Attest what all routers published; `change` makes it a lie of two of them. */
  async attest(change: Partial<sdk.Attestation> = {}, debits: readonly sdk.Debit[] = []): Promise<sdk.Proposal> {
    const { head, pool } = await sdk.readState(this.d);
    const allowanceUMor = pool.allowanceWei / PRICE;
    const { proposal, draft } = this.proposer.propose({ head, allowanceUMor, at: head.timestamp, debits })!;
    const attestation = { ...proposal.attestation, ...change };
    const { deltas, witness } = draft;
    const quorum = await quorumOf("Attestation", attestation, this.d.domain);
    await this.post({ attestation, deltas, witness, debits: draft.debits, quorum });
    this.proposer.accepted(proposal);
    return proposal;
  }

  async bid(id: number, atMs: bigint): Promise<sdk.Signed<"Bid">> {
    const at = atMs / 1_000n;
    const value: sdk.Bid = {
      providerId: sdk.providerId(id),
      modelId: MODEL,
      unit: sdk.BidUnit.T,
      priceWei: sdk.wei(PRICE * BigInt(id + 1)),
      capacity: 9,
      sequence: ++this.#serial,
      validFromAt: sdk.unixSeconds(at - 60n),
      expiresAt: sdk.unixSeconds(at + 1_000_000n),
      endpoint: "https://provider.example",
    };
    return sdk.signMessage(owner, "Bid", value, this.d.domain);
  }

  #userOf(of: number, atMs: bigint): string {
    const day = sdk.dayAt(atMs / 1_000n, this.d.emissionStart);
    const all = this.routers.map(({ address }) => address);
    for (let i = 0; ; i++) {
      const user = `user ${i}`;
      if (homeRouterOf(keyOf(user).address, day, all) === all[of]!.toLowerCase()) return user;
    }
  }

  #rfc(user: string, atMs: bigint): Promise<sdk.Signed<"Rfc">> {
    const value: sdk.Rfc = {
      user: keyOf(user).address,
      queryKey: keyOf(`query ${user}`).address,
      modelId: MODEL,
      tokenMax: 100n,
      issuedAtMs: sdk.unixMillis(atMs),
      deadlineAt: sdk.unixSeconds(atMs / 1_000n + 30n),
      nonce: ++this.#serial,
    };
    return sdk.signMessage(keyOf(user), "Rfc", value, this.d.domain);
  }

  #report(user: string, { match, matchHash }: sdk.Matched): Promise<sdk.Signed<"InferenceReport">> {
    const { providerId, matchedAtMs } = match.value;
    const value: sdk.InferenceReport = {
      matchHash,
      providerId,
      tokens: 80n,
      passed: true,
      sentAtMs: matchedAtMs,
      receivedAtMs: sdk.unixMillis(matchedAtMs + 1_000n),
    };
    return sdk.signMessage(keyOf(`query ${user}`), "InferenceReport", value, this.d.domain);
  }
}

function keyOf(name: string): sdk.LocalSigner {
  return sdk.localSigner(sdk.keccak256Text(name));
}

/** Two attestations, the second still pending. */
export async function attested(): Promise<WatchWorld> {
  const world = await WatchWorld.deploy();
  await world.serve(0, 2);
  await world.serve(1);
  await world.publish();
  await world.attest();
  await networkHelpers.time.increase(ACTIVATION_DELAY);
  await world.serve(2);
  await world.publish();
  await world.attest();
  return world;
}

/** What two of three routers sign beside all reports. */
export async function forged(world: WatchWorld, deltas: readonly [number, bigint][]): Promise<void> {
  const { tree } = await sdk.rebuildLedger(world.d);
  const { head } = await sdk.readState(world.d);
  const lastBlock = head.openBlock - 1n;
  const { post } = await attestationOf(world.d, tree, new Map(deltas), { lastBlock });
  await sdk.postAttestation.sendAndWait(world.d, post);
}

/** A watcher of the world. */
export function watcherOf(world: WatchWorld, change: Partial<sdk.WatchOptions> = {}): Promise<sdk.Watcher> {
  return sdk.createWatcher(world.d, { ...world.options, ...change });
}

/** Transaction of the last attestation. */
export async function lastPost(d: sdk.Deployment): Promise<string> {
  let hash = "";
  for await (const { transactionHash } of sdk.readEvents(d, sdk.attestedEvent)) hash = transactionHash;
  return hash;
}

/** Everything a watcher says until it has caught up. */
export async function stepsOf(watcher: sdk.Watcher): Promise<sdk.WatchStep[]> {
  const steps: sdk.WatchStep[] = [];
  for await (const step of watcher.run()) steps.push(step);
  return steps;
}

/** What is wrong with each attestation, by seq: the last that was said of it. */
export function findingsOf(steps: readonly sdk.WatchStep[]): Record<string, string[]> {
  const said = steps.flatMap((step) => (step.kind === "attestation" ? [step] : []));
  return Object.fromEntries(
    said.map(({ seq, findings }) => [seq.toString(), findings.map(sdk.describeFinding)] as const),
  );
}
