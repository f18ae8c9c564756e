import { CHAIN_LIMITS } from "@yellowstone-compute/sdk";
import type { Curve } from "./plot.js";
import { Rows, type Row } from "./rows.js";
import { BenchSuite } from "./suite.js";
import { DELTAS, MATURE, generator, idsUpTo } from "./values.js";

/** An aligned part of the ledger that one attestation carries on the chain with the stricter pool. */
const CHUNK = 8_192;
const SIZES = [10, 100, 1_000, 10_000, 100_000, 1_048_576] as const;
const CLAIMED = 256;
/** Claims before the one that is measured: the first claim from an attestation notes that it is active. */
const FIRST = 0;
/** Attestations until the contract's ring of records has no new slot left: what follows is the steady state. */
const RING = 256;
/** All MOR that can ever exist, in uMOR: mature lanes of very many providers are small. */
const SUPPLY_UMOR = 42_000_000_000_000n;
const DAY = 86_400;
const YEAR_PROVIDERS = 1_024;
/** Attestations at which the year is looked at: hourly ones only with `full`. */
const YEAR = { daily: [1, 2, 7, 30, 91, 182, 365], hourly: [1, 24, 168, 720, 2_190, 4_380, 8_760] } as const;

/** What the plot shows. */
export interface ScaleResult {
  readonly rows: Row[];
  readonly bySize: readonly Curve[];
  readonly byAge: readonly Curve[];
}

export interface ScaleOptions {
  readonly sizes?: readonly number[];
  /** Numbers of attestations after which a claim is measured, rising. */
  readonly marks?: readonly number[];
  readonly secondsBetween?: number;
  readonly yearProviders?: number;
  /** Attestations before anything is measured; all of the ring when left out. */
  readonly warmUp?: number;
}

/** The year of hourly attestations takes minutes; the default is a year of daily ones. */
export function scaleOptions(full: boolean): ScaleOptions {
  return full ? { marks: YEAR.hourly, secondsBetween: DAY / 24 } : {};
}

/** Cost against the number of providers, and against the length of silence. */
export async function scaleSuite(options: ScaleOptions = {}): Promise<ScaleResult> {
  const rows = new Rows("scale");
  const curves = {
    whole: { name: "attest per provider, whole ledger", points: [] as [number, number][] },
    word: { name: "attest one word", points: [] as [number, number][] },
    single: { name: "claim single", points: [] as [number, number][] },
    batch: { name: `claim per provider, batch of up to ${CLAIMED}`, points: [] as [number, number][] },
  };
  for (const n of options.sizes ?? SIZES) {
    for (const [key, gas] of Object.entries(await atSize(rows, n, options.warmUp ?? RING)))
      curves[key as keyof typeof curves].points.push([n, gas]);
  }
  const byAge = await year(rows, options);
  return { rows: rows.all, bySize: Object.values(curves), byAge };
}

/** Everybody is credited twice, in as many attestations as it takes; then one word, and claims of the first providers. */
async function atSize(
  rows: Rows,
  n: number,
  warmUp: number,
): Promise<Record<"whole" | "word" | "single" | "batch", number>> {
  const random = generator(BigInt(n));
  const suite = await BenchSuite.deploy();
  const claimed = idsUpTo(Math.min(n, CLAIMED));
  await suite.register(claimed.length);
  await suite.pretendRegistered(n);
  await fillRing(suite, warmUp);
  const [low, high] = MATURE;
  const most = (2n * SUPPLY_UMOR) / BigInt(n);
  const mature = most < high ? ([most / 50n, most] as const) : ([low, high] as const);
  await postAll(suite, n, () => random(...mature));
  await suite.claim(claimed);
  const { gas, transactions } = await postAll(suite, n, () => random(...DELTAS.hourly));
  rows.add("attest per provider, whole ledger", n, gas / n, "gas");
  rows.add("attestations of a whole ledger", n, transactions, "transactions");

  const back = await suite.snapshot();
  await suite.claim([FIRST]);
  const single = await suite.claim([Math.floor(claimed.length / 2)]);
  await back();
  const batch = (await suite.claim(claimed)) / claimed.length;
  const word = (await suite.attest(new Map([[Math.floor(n / 2), random(...DELTAS.hourly)]]))).gas;
  rows.add("claim single", n, single, "gas");
  rows.add(`claim per provider batch of ${claimed.length}`, n, batch, "gas");
  rows.add("attest one word", n, word, "gas");
  return { whole: gas / n, word, single, batch };
}

async function fillRing(suite: BenchSuite, attestations: number): Promise<void> {
  for (let i = 0; i < attestations; i++) {
    await suite.attest(new Map([[0, 1n]]));
    await suite.activate();
  }
}

async function postAll(
  suite: BenchSuite,
  n: number,
  next: () => bigint,
): Promise<{ gas: number; transactions: number }> {
  let gas = 0;
  let transactions = 0;
  for (let from = 0; from < n; from += CHUNK) {
    const count = Math.min(CHUNK, n - from);
    const posted = await suite.attest(new Map(Array.from({ length: count }, (_, i) => [from + i, next()])));
    if (posted.bytes > CHAIN_LIMITS.nitro.maxBytes)
      throw new Error(`bench: ${posted.bytes} bytes are too many for a pool`);
    gas += posted.gas;
    transactions += 1;
  }
  await suite.activate();
  return { gas, transactions };
}

/** One provider stays silent for a year, its neighbour in another word claims after every mark. */
async function year(rows: Rows, options: ScaleOptions): Promise<Curve[]> {
  const { marks = YEAR.daily, secondsBetween = DAY, yearProviders: n = YEAR_PROVIDERS } = options;
  const random = generator(5n);
  const suite = await BenchSuite.deploy();
  await suite.register(n);
  const [silent, regular] = [5, Math.floor(n / 2)];
  const everybody = () => new Map(idsUpTo(n).map((id) => [id, random(...DELTAS.daily)]));
  const touched = () => new Map([silent, regular].map((id) => [id, random(...DELTAS.daily)]));
  await fillRing(suite, options.warmUp ?? RING);
  await suite.attest(new Map(idsUpTo(n).map((id) => [id, random(...MATURE)])));
  await suite.activate();
  await suite.claim([silent, regular]);

  const curves = {
    attested: { name: "attest per provider, whole ledger", points: [] as [number, number][] },
    silent: { name: "claim single, never claimed before", points: [] as [number, number][], broad: true },
    claimed: { name: "claim single, claimed at every mark", points: [] as [number, number][] },
  };
  let posted = 0;
  for (const mark of marks) {
    for (; posted < mark - 1; posted++) {
      await suite.attest(touched());
      await suite.activate(secondsBetween);
    }
    const attested = (await suite.attest(everybody())).gas / n;
    posted += 1;
    await suite.activate(secondsBetween);
    await suite.claim([FIRST]);
    const claimed = await suite.claim([regular]);
    const back = await suite.snapshot();
    const afterSilence = await suite.claim([silent]);
    await back();
    rows.add("attest per provider after so many attestations", mark, attested, "gas");
    rows.add("claim single, last claim at the mark before", mark, claimed, "gas");
    rows.add("claim single after so many attestations of silence", mark, afterSilence, "gas");
    curves.attested.points.push([mark, attested]);
    curves.claimed.points.push([mark, claimed]);
    curves.silent.points.push([mark, afterSilence]);
  }
  return Object.values(curves);
}
