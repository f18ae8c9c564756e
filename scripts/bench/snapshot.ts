// npm run gas-snapshot [-- --write]: the hot paths' gas against the committed figures. A part of `npm run checks`.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { BenchSuite } from "./suite.js";
import { DELTAS, MATURE, generator, idsUpTo } from "./values.js";

const FILE = new URL("./gasSnapshot.json", import.meta.url);
/** What a row may rise above its committed figure: 0.2 %, for bytes of calldata that are zero in one run and not in the next. */
const TOLERANCE = { parts: 2, of: 1_000 } as const;
/** Providers that are registered and claimed for. */
const CLAIMED = 64;
const CREDITED = 1_000;

/** Gas by row: whole transactions, on a new chain, all of it from one seed. */
async function measure(): Promise<Record<string, number>> {
  const random = generator(4n);
  const credit = (ids: number[], [low, high]: readonly [bigint, bigint]) =>
    new Map(ids.map((id) => [id, random(low, high)]));

  const small = await BenchSuite.deploy();
  await small.register(CLAIMED);
  const everybody = idsUpTo(CLAIMED);
  await small.attest(credit(everybody, MATURE));
  await small.activate();
  await small.claim(everybody);
  const oneWord = await small.attest(credit([20], DELTAS.hourly));
  await small.attest(credit(everybody, DELTAS.hourly));
  await small.activate();
  const batch = await small.claim(everybody);
  await small.attest(credit(everybody, DELTAS.hourly));
  await small.activate();
  const single = await small.claim([5]);

  const large = await BenchSuite.deploy();
  await large.pretendRegistered(CREDITED);
  await large.attest(credit(idsUpTo(CREDITED), MATURE));
  const whole = await large.attest(credit(idsUpTo(CREDITED), DELTAS.hourly));
  return {
    [`attest one word of ${CLAIMED} providers`]: oneWord.gas,
    [`attest ${CREDITED} providers`]: whole.gas,
    [`claim ${CLAIMED} providers`]: batch,
    [`claim one of ${CLAIMED} providers`]: single,
  };
}

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const measured = await measure();
if (values.write) {
  writeFileSync(FILE, `${JSON.stringify(measured, null, 2)}\n`);
  console.log(`written: ${Object.keys(measured).length} rows`);
} else {
  const committed = JSON.parse(readFileSync(FILE, "utf8")) as Record<string, number>;
  let worse = 0;
  for (const row of new Set([...Object.keys(committed), ...Object.keys(measured)])) {
    const [before, now] = [committed[row], measured[row]];
    const fits =
      before !== undefined && now !== undefined && now * TOLERANCE.of <= before * (TOLERANCE.of + TOLERANCE.parts);
    if (!fits) worse += 1;
    console.log(
      `gas    ${row.padEnd(36)} ${String(before ?? "none").padStart(9)} -> ${String(now ?? "none").padStart(9)}`,
    );
    if (!fits)
      console.error(`gas of "${row}" is above the snapshot; if that is meant: npm run gas-snapshot -- --write`);
  }
  process.exitCode = worse === 0 ? 0 : 1;
}
