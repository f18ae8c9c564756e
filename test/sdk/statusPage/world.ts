import * as sdk from "@yellowstone-compute/sdk";
import {
  createStatusCollector,
  type StatusSnapshot,
  type StatusSource,
  type Trouble,
} from "@yellowstone-compute/sdk/status-page";
import { metadata, networkHelpers } from "../actions/fixture.js";
import { SeasonWorld } from "../actions/seasonWorld.js";
import { verbs } from "../provider/world.js";

/** What a provider might write of itself to get into a reader's page. */
export const HOSTILE_URI = `"><script>document.title="taken"</script><img src=x onerror="document.title='taken'">\u202etxt.exe`;

/** Six providers in seasons, one of them hostile; the verbs of a ledger. */
export async function pageWorld() {
  const world = await SeasonWorld.deploy(6, 3);
  const { d, suite } = world;
  const ledger = verbs(suite);
  await sdk.setMetadata.sendAndWait(d, { id: sdk.providerId(2), metadata: { ...metadata, uri: HOSTILE_URI } });
  await sdk.setMetadata.sendAndWait(d, {
    id: sdk.providerId(0),
    metadata: { ...metadata, uri: "https://zero.example/provider.json" },
  });
  return { ...suite, ...ledger, world };
}

/** Credits in the season that runs, one active and claimed in part, one vetoed, one pending; a debt. */
export async function busyPage() {
  const page = await pageWorld();
  const { world, attest, bookDebits, claim, veto } = page;
  await world.to(world.window.startAt + 10n);
  await world.arrive(500n * 10n ** 18n);
  await attest([
    [0, 5_000_000n],
    [1, 1_000_000n],
    [2, 2_000_000n],
  ]);
  await attest([[3, 900_000n]], [[3, 400_000n]]);
  await networkHelpers.time.increase(601);
  await bookDebits(2n, [[3, 400_000n]]);
  await claim([0, 3]);
  const { seq } = await attest([[4, 7_000_000n]]);
  await veto(seq);
  await attest([[1, 3_000_000n]]);
  return page;
}

/** Ids of the providers of a page, in its order. */
export function idsOf(rows: readonly { readonly id: bigint }[]): number[] {
  return rows.map(({ id }) => Number(id));
}

/** A source under the hand of a test. */
export class HandSource implements StatusSource {
  readonly #listeners = new Set<(snapshot: StatusSnapshot) => void>();
  #snapshot: StatusSnapshot | undefined;

  constructor(snapshot?: StatusSnapshot) {
    this.#snapshot = snapshot;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  current(): StatusSnapshot | undefined {
    return this.#snapshot;
  }

  trouble(): Trouble | undefined {
    return this.#snapshot?.trouble;
  }

  subscribe(hear: (snapshot: StatusSnapshot) => void): () => void {
    this.#listeners.add(hear);
    return () => void this.#listeners.delete(hear);
  }

  /** Tell another snapshot. */
  tell(snapshot: StatusSnapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener(snapshot);
  }
}

/** The snapshot of a busy chain. */
export async function busySnapshot(): Promise<StatusSnapshot> {
  const { d } = await busyPage();
  const collector = createStatusCollector(d);
  await collector.collect();
  const snapshot = collector.current();
  if (snapshot === undefined) throw new Error("the chain could not be read");
  return snapshot;
}

/** The same with as many providers as wanted, each with credits of its own. */
export function crowded(snapshot: StatusSnapshot, count: number): StatusSnapshot {
  const [model] = snapshot.providers;
  if (model === undefined) throw new Error("a provider is needed");
  const providers = Array.from({ length: count }, (_, id) => {
    const creditedUMor = sdk.uMor(10n ** 12n - BigInt(id));
    return { ...model, id: sdk.providerId(id), creditedUMor, uri: `https://provider-${id}.example` };
  });
  return { ...snapshot, providers, totals: { ...snapshot.totals, count } };
}
