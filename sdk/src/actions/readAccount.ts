import type { Deployment } from "../deployment/deployment.js";
import { AccountDiverged } from "../errors/chain.js";
import { bondWithdrawnEvent } from "../events/bond.js";
import { awardsPaidEvent } from "../events/bootstrap.js";
import { claimedEvent } from "../events/claimed.js";
import type { EventDecoder } from "../events/define.js";
import { debitedEvent, debtAbsorbedEvent, type Debited } from "../events/debits.js";
import { laneOf, ledgerId, wordOf } from "../ledger/words.js";
import type { ProviderId, UMor, UnixSeconds } from "../units/brands.js";
import { WEI_PER_UMOR } from "../units/constants.js";
import { providerId, type Integer } from "../units/integers.js";
import { read } from "./read.js";
import { readAwards } from "./readAwards.js";
import { readEvents, type EventRange } from "./readEvents.js";
import { readProvider, type Provider } from "./readProvider.js";

/** A provider's lanes, as `rebuildLedger` gives them: of the head, and of the last active attestation. */
export interface AccountLanes {
  readonly headUMor: bigint;
  readonly activeUMor: bigint;
}

/**
 * What a provider has earned, owes and was paid (design 7), from the chain and its events. At every moment
 * credited + awarded = paid + absorbed + unsettled, and debited = absorbed + coveredByBond + debt.
 */
export interface Account {
  readonly id: ProviderId;
  readonly provider: Provider;
  /** Lifetime credits, pending ones included. */
  readonly creditedUMor: UMor;
  /** Shares of the bootstrap pool that were paid or netted with debt; shares not awarded yet do not count. */
  readonly awardedUMor: UMor;
  readonly debitedUMor: UMor;
  /** Debt that was netted against credits and awards. */
  readonly absorbedUMor: UMor;
  /** Debt that the bond covered at the exit. */
  readonly coveredByBondUMor: UMor;
  readonly debtUMor: UMor;
  readonly paidUMor: UMor;
  readonly unsettledUMor: UMor;
  /** What a claim would pay now, its debt netted. */
  readonly claimableUMor: UMor;
  /** Credits that are not active yet. */
  readonly pendingUMor: UMor;
  /** From when the head is active, and all of them with it; undefined when none is pending. */
  readonly pendingUntil: UnixSeconds | undefined;
  readonly debits: readonly Debited[];
}

/**
 * Read a provider's account. `lanes` are those of the ledger as it stands; `range` must reach back to the deployment.
 *
 * @example
 * const { head } = await readState(d);
 * const [all, active] = await Promise.all([rebuildLedger(d), rebuildLedger(d, { untilSeq: head.activeSeq })]);
 * await readAccount(d, 7, { headUMor: all.tree.lane(7), activeUMor: active.tree.lane(7) });
 * @throws AccountDiverged, SeasonDiverged when events are missing or the lanes are not those of the chain; RegistryProviderUnknown
 */
export async function readAccount(
  d: Deployment,
  id: Integer,
  lanes: AccountLanes,
  range: EventRange = {},
): Promise<Account> {
  const key = providerId(id);
  const toBlock = range.toBlock ?? (await read(() => d.provider.getBlockNumber()));
  const fixed = { ...range, toBlock };
  const own = <T extends { readonly id: ProviderId }>(event: EventDecoder<T>) =>
    collect(d, event, fixed, (value) => (value.id === key ? [value] : []));
  const [provider, settledUMor, pendingUntil, claims, prizes, awards, debits, absorptions, withdrawals] =
    await Promise.all([
      readProvider(d, key, toBlock),
      settledLane(d, key, toBlock),
      headActiveAt(d, toBlock),
      collect(d, claimedEvent, fixed, (claimed) => claimed.payments.filter((payment) => payment.id === key)),
      collect(d, awardsPaidEvent, fixed, (paid) => paid.payments.filter((payment) => payment.id === key)),
      readAwards(d, key, fixed),
      own(debitedEvent),
      own(debtAbsorbedEvent),
      own(bondWithdrawnEvent),
    ]);
  const paid = total(claims) + total(prizes);
  const awarded = awards.reduce((sum, { shareUMor }) => sum + shareUMor, 0n);
  const debited = total(debits);
  const covered = withdrawals.reduce((sum, { coveredWei }) => sum + coveredWei / WEI_PER_UMOR, 0n);
  const absorbed = total(absorptions) - covered;
  const { debtUMor } = provider;
  requireSame(key, "settled and awarded", settledUMor + awarded, paid + absorbed);
  requireSame(key, "debited", debited, absorbed + covered + debtUMor);
  const { headUMor, activeUMor } = lanes;
  if (headUMor < activeUMor || headUMor < settledUMor)
    throw new AccountDiverged(key, "credited", headUMor, settledUMor);
  const due = activeUMor > settledUMor ? activeUMor - settledUMor : 0n;
  return {
    id: key,
    provider,
    creditedUMor: headUMor as UMor,
    awardedUMor: awarded as UMor,
    debitedUMor: debited as UMor,
    absorbedUMor: absorbed as UMor,
    coveredByBondUMor: covered as UMor,
    debtUMor,
    paidUMor: paid as UMor,
    unsettledUMor: (headUMor - settledUMor) as UMor,
    claimableUMor: (due > debtUMor ? due - debtUMor : 0n) as UMor,
    pendingUMor: (headUMor - activeUMor) as UMor,
    pendingUntil: headUMor > activeUMor ? pendingUntil : undefined,
    debits,
  };
}

async function collect<Value, Part>(
  d: Deployment,
  event: EventDecoder<Value>,
  range: EventRange,
  pick: (value: Value) => readonly Part[],
): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const { value } of readEvents(d, event, range)) parts.push(...pick(value));
  return parts;
}

async function settledLane(d: Deployment, id: ProviderId, blockTag: number): Promise<bigint> {
  const index = ledgerId(id);
  const word = await read(() => d.compute.settledWord(wordOf(index), { blockTag }));
  return BigInt.asUintN(64, word >> BigInt(64 * laneOf(index)));
}

async function headActiveAt(d: Deployment, blockTag: number): Promise<UnixSeconds> {
  return read(async () => {
    const headSeq = await d.compute.headSeq({ blockTag });
    return (await d.compute.activeAtOf(headSeq, { blockTag })) as UnixSeconds;
  });
}

function requireSame(id: ProviderId, figure: string, onChain: bigint, summed: bigint): void {
  if (onChain !== summed) throw new AccountDiverged(id, figure, onChain, summed);
}

function total(entries: readonly { readonly amountUMor: bigint }[]): bigint {
  return entries.reduce((sum, { amountUMor }) => sum + amountUMor, 0n);
}
