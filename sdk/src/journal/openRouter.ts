import { JournalDamaged } from "../errors/journal.js";
import { YellowstoneError } from "../errors/base.js";
import type { LedgerTree } from "../ledger/index.js";
import { applyInput } from "../router/apply.js";
import type { Identity } from "../router/matching.js";
import { identify, type Router, type RouterOptions } from "../router/router.js";
import { SigningRouter } from "../router/signingRouter.js";
import { createRouterState, type RouterState } from "../router/state.js";
import type { SignedSeqStore } from "../quorum/index.js";
import type { Hash32, UnixMillis } from "../units/index.js";
import { ByteReader } from "./bytes.js";
import type { JournalIdentity } from "./header.js";
import { readInput } from "./inputCodec.js";
import { Journal } from "./journal.js";
import { journalSettings, readTransitionSettings, writeTransitionSettings, type JournalSettings } from "./settings.js";
import { Snapshots } from "./snapshots.js";
import { readState, stateDigest, writeState } from "./stateCodec.js";
import type { JournalStorage } from "./storage.js";
import { WriteAhead } from "./writeAhead.js";

/** What a router with a journal is made of. */
export interface JournaledRouterOptions extends Omit<RouterOptions, "state">, JournalSettings {
  /** Where the journal lies: `openSqliteStorage(path)`, or `createMemoryStorage()`. The router closes it. */
  readonly storage: JournalStorage;
  /** Ledger that a new journal begins over; empty when left out. An old journal has its own. */
  readonly tree?: LedgerTree;
}

/** Figures of a journal. */
export interface JournalFigures {
  /** Inputs since the journal was begun. */
  readonly inputs: number;
  /** Inputs that were replayed when it was opened. */
  readonly replayed: number;
  /** Bytes it takes up. */
  readonly bytes: number;
  /** Why the last snapshot could not be written; the router goes on without it. */
  readonly snapshotFailure: YellowstoneError | undefined;
}

/**
 * A router that survives a crash at any instruction: each input is durable before its transition, and nothing is
 * acknowledged or signed before that.
 */
export interface JournaledRouter extends Router {
  journal(): JournalFigures;
  /** Digest of all it knows: the same before a crash and after it, as far as inputs were durable. */
  digest(): Hash32;
  /** Where the guard of a co-signer keeps what it signs: `createSignedSeqs(router.signedSeqs(), domain)`. */
  signedSeqs(): SignedSeqStore;
  /** Write the state whole, so that the next start replays nothing, and drop inputs that need not be kept. */
  snapshot(): void;
  /** Commit what waits, write a snapshot, and let go of the journal. */
  close(): void;
  /** Let go of the journal as a crash does: what waits is refused, and the next start replays. */
  abandon(): void;
}

/**
 * Open a router with its journal: one that is there continues where its inputs end, one that is not is begun. Replaying
 * makes the transitions again, under the settings they were made under; new settings count from now on.
 *
 * @example
 * const storage = await openSqliteStorage("/var/lib/router/journal.db");
 * const router = await openRouter({ signer, domain, set, policy, emissionStart, storage });
 * @throws those of `createRouter`; InvalidJournalSetting, JournalForeign, JournalVersionUnknown, JournalDamaged and the
 * errors of the storage
 */
export async function openRouter(options: JournaledRouterOptions): Promise<JournaledRouter> {
  const { storage } = options;
  try {
    const settings = journalSettings(options);
    const { self, quorum, emissionStart } = await identify(options);
    const { chainId, verifyingContract } = options.domain;
    const identity = { chainId, contract: verifyingContract, router: self.router, emissionStart };
    const { journal, state, replayed } = openState(options, identity, self, settings.verify === "all");
    const snapshots = new Snapshots(journal, state, self, settings);
    const onBatch = (count: number, bytes: number): void => snapshots.note(count, bytes);
    const committer = new WriteAhead({ journal, state, self, group: settings.group, onBatch });
    const keeping = { journal, state, snapshots, committer, replayed };
    return new KeepingRouter(options, { self, quorum, state, committer }, keeping);
  } catch (reason) {
    storage.close();
    throw reason;
  }
}

interface Opened {
  readonly journal: Journal;
  readonly state: RouterState;
  readonly replayed: number;
}

function openState(
  options: JournaledRouterOptions,
  identity: JournalIdentity,
  self: Identity,
  verifyAll: boolean,
): Opened {
  const settings = writeTransitionSettings(self);
  const opened = Journal.open(options.storage, identity);
  if (opened === undefined) {
    const state = createRouterState(self.policy, identity.emissionStart, options.tree);
    const journal = Journal.begin(options.storage, identity, { settings, state: writeState(state) });
    return { journal, state, replayed: 0 };
  }
  const { journal, content } = opened;
  const { position } = journal;
  const { policy, routers } = readTransitionSettings(content.settings, position);
  const before: Identity = { ...self, routers, policy: { ...policy, accessOf: self.policy.accessOf } };
  const state = readState(content.state, before.policy, position);
  for (const { first, count, bytes } of journal.readOn()) {
    const from = new ByteReader(bytes, first);
    for (let i = 0; i < count; i++) replay(state, before, from, first + i);
    if (!from.isAtEnd) throw from.damaged("a batch holds more than its inputs");
  }
  if (verifyAll) journal.verify();
  const replayed = journal.position - position;
  if (settings === content.settings) return { journal, state, replayed };
  const written = writeState(state);
  journal.compact({ settings, state: written }, 0n);
  return { journal, state: readState(written, self.policy, journal.position), replayed };
}

/** Make one transition again. What was refused then is refused now; anything else that fails is not what happened then. */
function replay(state: RouterState, self: Identity, from: ByteReader, position: number): void {
  const input = readInput(from, self.domain);
  try {
    applyInput(state, self, input);
  } catch (reason) {
    if (reason instanceof YellowstoneError) return;
    throw new JournalDamaged(position, `the transition of input ${position} cannot be made`, reason);
  }
}

class KeepingRouter extends SigningRouter implements JournaledRouter {
  readonly #keeping: Opened & { readonly snapshots: Snapshots; readonly committer: WriteAhead };
  #closed = false;

  constructor(
    options: RouterOptions,
    parts: ConstructorParameters<typeof SigningRouter>[1],
    keeping: Opened & { readonly snapshots: Snapshots; readonly committer: WriteAhead },
  ) {
    super(options, parts);
    this.#keeping = keeping;
  }

  journal(): JournalFigures {
    const { journal, replayed, snapshots } = this.#keeping;
    return { inputs: journal.position, replayed, bytes: journal.size, snapshotFailure: snapshots.failure };
  }

  digest(): Hash32 {
    return stateDigest(this.#keeping.state);
  }

  signedSeqs(): SignedSeqStore {
    const { state, committer } = this.#keeping;
    return {
      load: (seq) => Promise.resolve(state.signedSeqs.get(seq)),
      save: (signed) => committer.commit({ kind: "coSigned", atMs: state.latestMs as UnixMillis, ...signed }),
    };
  }

  snapshot(): void {
    const { committer, snapshots } = this.#keeping;
    committer.flush();
    if (committer.isSound) snapshots.take();
  }

  abandon(): void {
    this.#closed = true;
    const { committer, journal } = this.#keeping;
    committer.abandon();
    journal.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { committer, snapshots, journal } = this.#keeping;
    const wasSound = committer.isSound;
    committer.close();
    try {
      if (wasSound) snapshots.take();
    } finally {
      journal.close();
    }
  }
}
