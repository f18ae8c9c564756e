import type { Widths } from "@yellowstone-compute/sdk";
import { seasonRows } from "./seasons.js";
import { DELTAS, MATURE, generator, idsUpTo } from "./values.js";
import { Rows, type Row } from "./rows.js";
import { BenchSuite } from "./suite.js";

const MAX_TRANSACTION_BYTES = 131_072;

/** Gas of attestations and claims. */
export async function gasSuite(): Promise<Row[]> {
  const rows = new Rows("gas");
  for (const [pace, [low, high]] of Object.entries(DELTAS)) {
    for (const age of ["young", "mature"] as const) {
      for (const n of [10, 100, 1_000, 8_000, 16_000]) await wholeTree(rows, n, pace, age, low, high);
    }
  }
  await largest(rows);
  await fixedPartAndClaims(rows);
  await seasonRows(rows);
  return rows.all;
}

/** One attestation that credits all of `n` providers. */
async function wholeTree(rows: Rows, n: number, pace: string, age: "young" | "mature", low: bigint, high: bigint) {
  for (const widths of ["bit", "byte"] as const satisfies readonly Widths[]) {
    const random = generator(BigInt(n));
    const suite = await BenchSuite.deploy();
    await suite.pretendRegistered(n);
    if (age === "mature") await suite.attest(new Map(idsUpTo(n).map((id) => [id, random(...MATURE)])));
    const { gas, bytes } = await suite
      .attest(new Map(idsUpTo(n).map((id) => [id, random(low, high)])), widths)
      .catch(tooLarge);
    const name = `attest per provider${widths === "bit" ? "" : ", byte widths"}: ${pace}, ${age}`;
    if (gas === 0) continue;
    rows.add(name, n, gas / n, "gas");
    if (widths === "bit") rows.add(`calldata per provider: ${pace}, ${age}`, n, bytes / n, "bytes");
  }
}

/** An attestation above the transaction cap has no figure. */
function tooLarge(): { gas: number; bytes: number } {
  return { gas: 0, bytes: 0 };
}

/** Most providers one transaction of 128 KiB credits, with hourly deltas on mature lanes. */
async function largest(rows: Rows): Promise<void> {
  const random = generator(1n);
  const suite = await BenchSuite.deploy();
  const perProvider = 6.6;
  const n = Math.floor((MAX_TRANSACTION_BYTES - 2_048) / perProvider / 8) * 8;
  await suite.pretendRegistered(n);
  for (let from = 0; from < n; from += 8_192) {
    const ids = idsUpTo(n).slice(from, from + 8_192);
    await suite.attest(new Map(ids.map((id) => [id, random(...MATURE)])));
  }
  const { gas, bytes } = await suite.attest(new Map(idsUpTo(n).map((id) => [id, random(...DELTAS.hourly)])));
  rows.add("attest per provider: largest in 128 KiB", n, gas / n, "gas");
  rows.add("attest: largest in 128 KiB, transaction data", n, bytes, "bytes");
}

/** The fixed part of an attestation, and claims, at N = 1,024. */
async function fixedPartAndClaims(rows: Rows): Promise<void> {
  const n = 1_024;
  const random = generator(2n);
  const credit = (ids: number[]) => new Map(ids.map((id) => [id, random(...DELTAS.hourly)]));
  const suite = await BenchSuite.deploy();
  await suite.register(n);
  await suite.attest(new Map(idsUpTo(n).map((id) => [id, random(...MATURE)])));
  await suite.activate();
  await suite.claim(idsUpTo(256));
  rows.add("attest one word: first 256 attestations", n, (await suite.attest(credit([500]))).gas, "gas");

  await suite.attest(credit(idsUpTo(n)));
  await suite.activate();
  const batch = await suite.claim(idsUpTo(256));
  rows.add("claim per provider batch", 256, batch / 256, "gas");
  await suite.attest(credit(idsUpTo(n)));
  await suite.activate();
  rows.add("claim single: the first from its attestation", n, await suite.claim([9]), "gas");
  rows.add("claim single", n, await suite.claim([5]), "gas");
  rows.add("claim single: lane 3 of a word, whose payee is in two slots", n, await suite.claim([15]), "gas");

  for (let i = 0; i < 300; i++) {
    await suite.attest(credit([500]));
    await suite.activate();
  }
  rows.add("attest one word", n, (await suite.attest(credit([500]))).gas, "gas");
  const whole = await suite.attest(credit(idsUpTo(n)));
  rows.add("attest per provider: steady state", n, whole.gas / n, "gas");
  await suite.activate();
  await suite.claim([9]);
  rows.add("claim single after 300 more attestations", n, await suite.claim([5]), "gas");
}
