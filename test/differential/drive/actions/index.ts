import type { Action } from "../world.js";
import { attestAction } from "./attest.js";
import * as money from "./money.js";
import * as providers from "./providers.js";
import * as routers from "./routers.js";
import * as seasons from "./seasons.js";
import * as slashes from "./slashes.js";

/** Every kind of step. */
export const ACTIONS = {
  donate: money.donate,
  refuse: money.refuse,
  intake: money.intake,
  attest: attestAction,
  veto: money.veto,
  debit: money.debit,
  claim: money.claim,
  pause: money.pause,
  resume: money.resume,
  rearm: money.rearm,
  setRouters: routers.setRouters,
  removeRouter: routers.removeRouter,
  register: providers.register,
  addBond: providers.addBond,
  setMetadata: providers.setMetadata,
  proposeOwner: providers.proposeOwner,
  acceptOwner: providers.acceptOwner,
  proposePayout: providers.proposePayout,
  applyPayout: providers.applyPayout,
  announceExit: providers.announceExit,
  withdrawBond: providers.withdrawBond,
  postSlash: slashes.postSlash,
  vetoSlash: slashes.vetoSlash,
  executeSlash: slashes.executeSlash,
  recordPossession: providers.recordPossession,
  setMinBond: providers.setMinBond,
  enter: seasons.enter,
  close: seasons.close,
  award: seasons.award,
} as const satisfies Readonly<Record<string, Action>>;

/** Name of a kind of step. */
export type ActionName = keyof typeof ACTIONS;

/** How often each is drawn. */
export const WEIGHTS: Readonly<Record<ActionName, number>> = {
  donate: 50,
  refuse: 8,
  intake: 30,
  attest: 220,
  veto: 25,
  debit: 40,
  claim: 140,
  pause: 10,
  resume: 3,
  rearm: 9,
  setRouters: 10,
  removeRouter: 8,
  register: 15,
  addBond: 10,
  setMetadata: 6,
  proposeOwner: 14,
  acceptOwner: 14,
  proposePayout: 14,
  applyPayout: 14,
  announceExit: 8,
  withdrawBond: 10,
  postSlash: 14,
  vetoSlash: 5,
  executeSlash: 12,
  recordPossession: 8,
  setMinBond: 5,
  enter: 60,
  close: 25,
  award: 30,
};

/** How often each is drawn in a crowded world: attestations follow each other, few are vetoed. */
export const CROWDED: Readonly<Record<ActionName, number>> = { ...WEIGHTS, attest: 900, veto: 6, claim: 30, pause: 1 };
