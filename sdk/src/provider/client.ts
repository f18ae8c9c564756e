import { addBond } from "../actions/addBond.js";
import { announceExit } from "../actions/announceExit.js";
import { applyPayout } from "../actions/applyPayout.js";
import type { Mined } from "../actions/write.js";
import { proposePayout } from "../actions/proposePayout.js";
import { read } from "../actions/read.js";
import { readProvider, type Provider } from "../actions/readProvider.js";
import { approveBond, registerProvider, type Registration } from "../actions/registerProvider.js";
import type { SendOptions } from "../actions/send.js";
import type { WaitOptions } from "../actions/wait.js";
import { withdrawBond } from "../actions/withdrawBond.js";
import type { Deployment } from "../deployment/deployment.js";
import { ChainRequestFailed } from "../errors/chain.js";
import type { BondAdded, BondWithdrawn, ExitAnnounced } from "../events/bond.js";
import type { AddressChanged, ChangeProposed } from "../events/provider.js";
import type { ProviderRegistered } from "../events/providerRegistered.js";
import { address, providerId, type Address, type Integer, type ProviderId, type Wei } from "../units/index.js";
import { claimAll, type ClaimResult } from "./claimAll.js";
import type { ClaimFee } from "./claimCost.js";
import type { HistoryEntry } from "./entries.js";
import { LedgerHistory, type LedgerAccount } from "./history.js";
import { planClaims, type ClaimPlan, type ClaimTerms } from "./planClaims.js";
import { seasonReminders, type ReminderOptions, type SeasonReminder } from "./reminders.js";
import { exportSnapshot, importSnapshot, type LedgerSnapshot } from "./snapshot.js";
import { historyAtDeployment, syncLedger, verifyAccounts, type LedgerStep } from "./syncLedger.js";
import type { FollowOptions } from "../actions/followEvents.js";

/** What a provider client is made of. */
export interface ProviderClientOptions {
  /** Its runner signs for the providers; a provider alone suffices to read. */
  readonly deployment: Deployment;
  /** The fleet: providers of one owner, or of several. */
  readonly ids?: Iterable<Integer>;
  /** Where the history goes on; at the deployment when left out. Entries of a provider it did not watch begin there. */
  readonly from?: LedgerHistory | LedgerSnapshot;
  /** How the chain is followed. */
  readonly sync?: Omit<FollowOptions, "follow" | "signal">;
}

/** How a client sends a transaction and waits for it. */
export type Sending = SendOptions & WaitOptions;

/** One provider, or a fleet of them: its records, its history and its claims. Amounts in wei or uMOR, as named. */
export interface ProviderClient {
  readonly deployment: Deployment;
  readonly ids: readonly ProviderId[];
  /** The history as far as it was followed. */
  readonly history: LedgerHistory;
  /** Register a provider; its bond is approved where it is not yet. It joins the fleet. @throws as `registerProvider` */
  register(registration: Registration, options?: Sending): Promise<Mined<ProviderRegistered>>;
  /** Add to a bond; approved where it is not yet. @throws as `addBond` */
  addBond(id: Integer, amountWei: Wei, options?: Sending): Promise<Mined<BondAdded>>;
  /** @throws as `proposePayout` */
  proposePayout(id: Integer, newPayout: Address, options?: Sending): Promise<Mined<ChangeProposed>>;
  /** @throws as `applyPayout` */
  applyPayout(id: Integer, options?: Sending): Promise<Mined<AddressChanged>>;
  /** @throws as `announceExit` */
  announceExit(id: Integer, options?: Sending): Promise<Mined<ExitAnnounced>>;
  /** @throws as `withdrawBond` */
  withdrawBond(id: Integer, options?: Sending): Promise<Mined<BondWithdrawn>>;
  /** Read a provider's record. @throws RegistryProviderUnknown */
  record(id: Integer): Promise<Provider>;
  /** Catch up with the chain and compare the fleet's figures with it. @throws as `syncLedger` and `verifyAccounts` */
  sync(signal?: AbortSignal): Promise<LedgerHistory>;
  /** Follow the chain until the signal ends it. @throws as `syncLedger` */
  follow(signal: AbortSignal): AsyncGenerator<LedgerStep>;
  /** Figures of a provider, by the history. */
  account(id: Integer): LedgerAccount;
  /** What happened to a provider of the fleet, oldest first; to all of them without `id`. */
  entries(id?: Integer): HistoryEntry[];
  /** Plan the claims of the fleet at the present fee: `morPerEtherWei` is what 1 ether costs in wei of MOR. @throws ChainRequestFailed */
  planAtPresentFee(terms: Omit<ClaimTerms, "fee"> & Omit<ClaimFee, "gasPriceWei">): Promise<ClaimPlan>;
  /** Plan the claims of the fleet, by the history. Pure. */
  plan(terms?: ClaimTerms): ClaimPlan;
  /** Send a plan. */
  claim(plan: Pick<ClaimPlan, "calls">, options?: Sending & { readonly signal?: AbortSignal }): Promise<ClaimResult[]>;
  /** Say what is to be done about seasons. @throws as `seasonReminders` */
  reminders(options?: ReminderOptions): Promise<SeasonReminder[]>;
  /** The history to begin with next time. */
  snapshot(): LedgerSnapshot;
}

/**
 * Create the client of a provider or a fleet.
 *
 * @example
 * const client = await createProvider({ deployment: d, ids: [4, 7], from: snapshot });
 * await client.sync();
 * const plan = await client.planAtPresentFee({ morPerEtherWei: 2_000n * 10n ** 18n, minNetWei: 10n ** 17n });
 * for (const { status, call } of await client.claim(plan)) console.log(status, call.dueUMor);
 * @throws as `importSnapshot`
 */
export async function createProvider(options: ProviderClientOptions): Promise<ProviderClient> {
  const { deployment: d, ids = [], from, sync = {} } = options;
  const fleet = new Set([...ids].map((id) => providerId(id)));
  let history: LedgerHistory;
  if (from === undefined) history = historyAtDeployment(d, fleet);
  else history = from instanceof LedgerHistory ? from : await importSnapshot(from, d);
  for (const id of fleet) history.watch(id);

  async function approve(bondWei: Wei, sending: Sending): Promise<void> {
    if (!("getAddress" in d.runner)) return;
    const owner = address(await (d.runner as unknown as { getAddress(): Promise<string> }).getAddress());
    const approvedWei = await read(() => d.token.allowance(owner, d.addresses.registry));
    if (approvedWei < bondWei) await approveBond.sendAndWait(d, { bondWei }, waitOnly(sending));
  }

  return {
    deployment: d,
    get ids() {
      return [...fleet];
    },
    get history() {
      return history;
    },
    async register(registration, sending = {}) {
      await approve(registration.bondWei, sending);
      const mined = await registerProvider.sendAndWait(d, registration, sending);
      fleet.add(mined.outcome.id);
      history.watch(mined.outcome.id);
      return mined;
    },
    async addBond(id, amountWei, sending = {}) {
      await approve(amountWei, sending);
      return addBond.sendAndWait(d, { id: providerId(id), amountWei }, sending);
    },
    proposePayout: (id, newPayout, sending) => proposePayout.sendAndWait(d, { id: providerId(id), newPayout }, sending),
    applyPayout: (id, sending) => applyPayout.sendAndWait(d, { id: providerId(id) }, sending),
    announceExit: (id, sending) => announceExit.sendAndWait(d, { id: providerId(id) }, sending),
    withdrawBond: (id, sending) => withdrawBond.sendAndWait(d, { id: providerId(id) }, sending),
    record: (id) => readProvider(d, id),
    async sync(signal) {
      const following = signal === undefined ? sync : { ...sync, signal };
      for await (const step of syncLedger(d, history, following)) history = step.history;
      await verifyAccounts(d, history, fleet);
      return history;
    },
    follow: (signal) => syncLedger(d, history, { ...sync, follow: true, signal }),
    account: (id) => history.account(id),
    entries: (id) => history.entries(id),
    async planAtPresentFee({ morPerEtherWei, l1ByteWei = 0n, ...terms }) {
      const { gasPrice, maxFeePerGas } = await read(() => d.provider.getFeeData());
      const gasPriceWei = gasPrice ?? maxFeePerGas;
      if (gasPriceWei === null) throw new ChainRequestFailed("the node tells no gas price", "later");
      return planClaims(fleet, history, { ...terms, fee: { gasPriceWei, l1ByteWei, morPerEtherWei } });
    },
    plan: (terms) => planClaims(fleet, history, terms),
    claim: (plan, sending) => claimAll(d, plan, sending),
    reminders: (chosen) => seasonReminders(d, fleet, chosen),
    snapshot: () => exportSnapshot(history, d),
  };
}

/** A nonce or gas limit is meant for the verb itself, not for the approval before it. */
function waitOnly({ confirmations, timeoutMs }: Sending): WaitOptions {
  return {
    ...(confirmations === undefined ? {} : { confirmations }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}
