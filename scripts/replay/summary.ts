import { CURVE_LIBRARY, OUTCOMES, formatMor, wei } from "@yellowstone-compute/sdk";
import type { ReplayInput } from "./input/index.js";
import { formatInteger, formatTable, formatUMor } from "./output/index.js";
import type { PostedAttestation, ReplayRecords } from "./records.js";
import { PHASES } from "./phases.js";
import { seasonTable } from "./seasonTable.js";
import type { ReplayResult } from "./run.js";

/** The figures of `--json`: counts are numbers, amounts decimal strings. */
export interface SummaryJson {
  requests: number;
  served: number;
  failed: number;
  tooSlow: number;
  empty: number;
  unreported: number;
  unserved: number;
  rejected: number;
  tokens: string;
  creditedUMor: string;
  backlogUMor: string;
  absorbedUMor: string;
  awardedUMor: string;
  paidWei: string;
  owedWei: string;
  unusedWei: string;
  bootstrapWei: string;
  budgetWei: string;
  attestations: number;
  seasons: number;
  transactions: number;
  gasTotal: string;
  gasPerRequest: number;
  l1FeeWei: string;
  seconds: number;
  memoryPeakBytes: number;
  reconciled: boolean;
}

/** What a replay took of the machine. */
export type Taken = Pick<SummaryJson, "seconds" | "memoryPeakBytes">;

const MEBIBYTE = 1_048_576;

/** Put a replay into figures. */
export function summaryOf(input: ReplayInput, result: ReplayResult, { seconds, memoryPeakBytes }: Taken): SummaryJson {
  const { records, chain, reconciliation, figures } = result;
  const { pool } = reconciliation;
  const requests = input.requests.length;
  return {
    requests,
    ...records.outcomes,
    tokens: records.tokens.toString(),
    creditedUMor: sum(reconciliation.creditedUMor).toString(),
    backlogUMor: figures.backlogUMor.toString(),
    absorbedUMor: sum(reconciliation.absorbedUMor).toString(),
    awardedUMor: sum(reconciliation.awardedUMor).toString(),
    paidWei: sum(reconciliation.paidWei).toString(),
    owedWei: pool.owedWei.toString(),
    unusedWei: pool.unusedWei.toString(),
    bootstrapWei: pool.bootstrapWei.toString(),
    budgetWei: pool.budgetWei.toString(),
    attestations: records.attestations.length,
    seasons: records.seasons.length,
    transactions: chain.transactions,
    gasTotal: chain.gas.toString(),
    gasPerRequest: Number(chain.gas) / requests,
    l1FeeWei: chain.l1FeeWei.toString(),
    seconds: Math.round(seconds * 10) / 10,
    memoryPeakBytes,
    reconciled: differencesOf(input, result).length === 0,
  };
}

/** Everything that does not agree, one line each. */
export function differencesOf(input: ReplayInput, { records, figures, reconciliation }: ReplayResult): string[] {
  const differences = [...reconciliation.differences];
  const ends = OUTCOMES.reduce((total, outcome) => total + records.outcomes[outcome], 0);
  if (ends !== input.requests.length) {
    differences.push(`outcomes sum to ${ends}, requests are ${input.requests.length}`);
  }
  for (const outcome of OUTCOMES) {
    if (figures.outcomes[outcome] !== records.outcomes[outcome]) {
      differences.push(`${outcome}: router ${figures.outcomes[outcome]}, users ${records.outcomes[outcome]}`);
    }
  }
  records.byProvider.forEach(({ served }, p) => {
    if (reconciliation.served[p] !== served) {
      differences.push(`provider ${p}, served: router ${served}, calculated ${reconciliation.served[p]}`);
    }
  });
  return differences;
}

/** Attestations in which the guard bound: more credit waited than the allowance had room left for. */
export function guardBoundIn({ attestations }: ReplayRecords): PostedAttestation[] {
  return attestations.filter(
    ({ creditedUMor, allowanceUMor, waitingUMor }) => waitingUMor > allowanceUMor - creditedUMor,
  );
}

/** Print what happened. */
export function printSummary(input: ReplayInput, result: ReplayResult, summary: SummaryJson): void {
  const { records, reconciliation, plan } = result;
  const mor = (amountWei: bigint): string => formatMor(wei(amountWei));
  console.log();
  console.log(providerTable(input, result));
  console.log(attestationTable(result));
  console.log(seasonTable(input.providers, records.seasons));
  console.log(OUTCOMES.map((outcome) => `${outcome} ${formatInteger(summary[outcome])}`).join("  "));
  for (const [reason, count] of records.rejections) console.log(`  rejected for ${reason}: ${formatInteger(count)}`);
  const bound = guardBoundIn(records);
  console.log(
    `guard      ${bound.length === 0 ? "never bound" : `bound attestation ${bound.map(({ seq }) => seq).join(", ")}`}; ` +
      `${formatUMor(BigInt(summary.backlogUMor))} MOR of credits still wait`,
  );
  for (const { provider, bondWei, paidWei, coveredWei } of records.exits) {
    console.log(
      `exit       ${input.providers[provider]} withdrew ${mor(paidWei)} of its bond of ${mor(bondWei)} MOR, ` +
        `${mor(coveredWei)} MOR covered its debt`,
    );
  }
  console.log(
    `queue      ${formatInteger(records.queued)} RFCs waited, ${formatInteger(records.longestQueue)} at once at the most`,
  );
  console.log(
    `pool       held ${mor(reconciliation.pool.heldWei)} = unused ${mor(reconciliation.pool.unusedWei)} + owed ` +
      `${mor(reconciliation.pool.owedWei)} + bootstrap ${mor(reconciliation.pool.bootstrapWei)} MOR`,
  );
  console.log(
    `chain      ${summary.transactions} transactions, ${formatInteger(Number(summary.gasTotal))} gas ` +
      `(${summary.gasPerRequest.toFixed(1)} a request), L1 data fee ${mor(BigInt(summary.l1FeeWei))} ETH`,
  );
  const { bytes, inputs, replayed } = result.journal;
  console.log(
    `journal    ${formatInteger(bytes)} bytes for ${formatInteger(inputs)} inputs, ${(bytes / input.requests.length).toFixed(0)} ` +
      `a request; a restart replayed ${formatInteger(replayed)} to the same state`,
  );
  const laps = PHASES.map((phase) => `${phase} ${result.seconds[phase]?.toFixed(1) ?? "-"}`);
  console.log(`blocks     ${result.blocks} signed; block-day ${plan.day} turned in the middle of the trace`);
  console.log(`seconds    ${laps.join(", ")}; the rest is the start and the input`);
  const mebibytes = formatInteger(Math.round(summary.memoryPeakBytes / MEBIBYTE));
  console.log(`machine    ${mebibytes} MiB at the peak; signatures by ${CURVE_LIBRARY}`);
  const differences = differencesOf(input, result);
  for (const difference of differences) console.error(`DIFFERENCE ${difference}`);
  console.log(
    differences.length === 0
      ? `reconciled to the uMOR and the wei, ${summary.seconds} s`
      : `NOT reconciled: ${differences.length} differences`,
  );
}

function providerTable(input: ReplayInput, { records, reconciliation }: ReplayResult): string {
  const left = (header: string) => ({ title: header, align: "left" as const });
  const right = (header: string) => ({ title: header, align: "right" as const });
  const headers = [
    "served",
    "failed",
    "tooSlow",
    "empty",
    "unreported",
    "T",
    "ns/T",
    "credited MOR",
    "awarded MOR",
    "absorbed MOR",
    "paid MOR",
  ];
  const tokens = input.providers.map(() => 0n);
  for (const report of records.reports) tokens[report.provider] = (tokens[report.provider] ?? 0n) + report.tokens;
  return formatTable(
    [left("provider"), ...headers.map(right)],
    input.providers.map((name, p) => {
      const { served, failed, tooSlow, empty, unreported } = records.byProvider[p]!;
      return [
        name,
        ...[served, failed, tooSlow, empty, unreported].map((count) => formatInteger(count)),
        formatInteger(Number(tokens[p])),
        formatInteger(Number(reconciliation.meanNsPerToken[p])),
        formatUMor(reconciliation.creditedUMor[p] ?? 0n),
        formatUMor(reconciliation.awardedUMor[p] ?? 0n),
        formatUMor(reconciliation.absorbedUMor[p] ?? 0n),
        formatMor(wei(reconciliation.paidWei[p] ?? 0n)),
      ];
    }),
  );
}

function attestationTable({ records }: ReplayResult): string {
  const right = (header: string) => ({ title: header, align: "right" as const });
  return formatTable(
    ["attestation", "last block", "allowance MOR", "credited MOR", "waiting MOR", "debited MOR", "claimed"].map(right),
    records.attestations.map(
      ({ seq, lastBlock, allowanceUMor, creditedUMor, waitingUMor, claimed, vetoed, debits }) => [
        seq.toString(),
        lastBlock.toString(),
        formatUMor(allowanceUMor),
        formatUMor(creditedUMor),
        formatUMor(waitingUMor),
        formatUMor(debits.reduce((sum, { amountUMor }) => sum + amountUMor, 0n)),
        vetoed ? "vetoed" : claimed ? "yes" : creditedUMor === 0n ? "nothing due" : "pending",
      ],
    ),
  );
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
