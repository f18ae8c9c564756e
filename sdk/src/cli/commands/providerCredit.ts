import { readProvider } from "../../actions/readProvider.js";
import type { Deployment } from "../../deployment/index.js";
import type { HistoryEntry, LedgerAccount } from "../../provider/index.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import { EXIT, type Command, type Context } from "../command.js";
import { SNAPSHOT_OPTIONS, openLedger } from "../snapshotFile.js";
import { duration, moment, mor, morOfUMor, pairs, table, uMorJson, amountJson } from "../words.js";
import type { Provider } from "../../actions/readProvider.js";

/** Figures of an account, with what they are called. */
const FIGURES = [
  ["credited", "creditedUMor", "earned in all, pending included"],
  ["pending", "pendingUMor", "can still be vetoed"],
  ["awarded", "awardedUMor", "shares of the bootstrap pool"],
  ["paid", "paidUMor", ""],
  ["debited", "debitedUMor", "taken back by a quorum"],
  ["absorbed", "absorbedUMor", "of it kept back from payments"],
  ["debt", "debtUMor", "of it kept back from the next ones"],
  ["claimable", "claimableUMor", "what a claim pays now"],
] as const satisfies readonly (readonly [string, keyof LedgerAccount, string])[];

/** `yellowstone provider credit`: what was earned, paid and is claimable, and the way it came. */
export const providerCredit: Command = {
  about:
    "The figures are added up from the events of the ledger and compared with the chain. The entries say how each amount came " +
    "and went.",
  options: {
    id: { value: "N", about: "the provider" },
    last: { value: "N", about: "how many entries are shown, newest last; 20 without it, JSON has all" },
    ...CHAIN_OPTIONS,
    ...SNAPSHOT_OPTIONS,
  },
  examples: ["provider credit --id 4", "provider credit --id 4 --json"],
  run(context) {
    const id = context.args.needId("id");
    const last = context.args.count("last", 0n, 1_000_000n) ?? 20n;
    return withChain(context, async ({ d }) => {
      const provider = await readProvider(d, id);
      const client = await openLedger(context, d, [id], true);
      const { timestamp } = client.history.end;
      tell(context, d, { provider, account: client.account(id), entries: client.entries(id), timestamp, last });
      return EXIT.done;
    });
  },
};

interface Found {
  readonly provider: Provider;
  readonly account: LedgerAccount;
  readonly entries: readonly HistoryEntry[];
  readonly timestamp: bigint;
  readonly last: bigint;
}

function tell({ print }: Context, d: Deployment, { provider, account, entries, timestamp, last }: Found): void {
  const { id, owner, payout, bondWei, exitAt, exited, pendingPayout } = provider;
  const { pendingUntil } = account;
  const figures = FIGURES.map(([name, figure]) => uMorJson(name, account[figure]));
  const json = {
    id,
    chainId: d.chainId,
    owner,
    payout,
    pendingPayout: pendingPayout ?? null,
    ...amountJson("bond", bondWei),
    exitAt: exitAt ?? null,
    exited,
    ...(Object.assign({}, ...figures) as object),
    pendingUntil: pendingUntil ?? null,
    entries: entries.map(({ amountUMor, kind, seq, activeAt, blockNumber, transactionHash, reasonHash }) => ({
      kind,
      ...uMorJson("amount", amountUMor),
      seq: seq ?? null,
      activeAt: activeAt ?? null,
      reasonHash: reasonHash ?? null,
      blockNumber,
      transactionHash,
    })),
  };
  const rows: [string, string][] = [
    ["provider", `${id}, owner ${owner}`],
    ["payout", payout],
    ["bond", exited ? "withdrawn" : mor(bondWei)],
  ];
  if (exitAt !== undefined && !exited) rows.push(["exit", `the bond can be withdrawn from ${moment(exitAt)} on`]);
  if (pendingPayout !== undefined)
    rows.push(["proposed", `payout ${pendingPayout.to} from ${moment(pendingPayout.effectiveAt)} on`]);
  if (pendingUntil !== undefined)
    rows.push(["pending until", `${moment(pendingUntil)}, in ${duration(pendingUntil - timestamp)}`]);
  const amounts = FIGURES.map(([name, figure, what]) => [name, morOfUMor(account[figure]).replace(" MOR", ""), what]);
  const shown = last === 0n ? [] : entries.slice(-Number(last));
  const way = shown.map(({ kind, amountUMor, seq, blockNumber, transactionHash }) => [
    `${blockNumber}`,
    kind,
    morOfUMor(amountUMor).replace(" MOR", ""),
    seq === undefined ? "" : `${seq}`,
    transactionHash,
  ]);
  const parts = [pairs(rows), table(["amount", " MOR", "what"], amounts)];
  if (way.length > 0) parts.push(table([" block", "what", " MOR", " attestation", "transaction"], way));
  if (shown.length < entries.length)
    parts.push(`${entries.length - shown.length} older entries: --last ${entries.length}`);
  print.result(json, parts.join("\n\n"));
}
