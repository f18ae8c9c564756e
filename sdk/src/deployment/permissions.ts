import { ADMIN_ROLE, RESTRICTED_FUNCTIONS, type RestrictedContract } from "./roles.js";

/** A contract with functions that change something. */
export type ChangingContract = RestrictedContract | "bootstrap" | "authority";

/** Who may call a function that changes something, and what it cannot do (design 10). */
export interface Permission {
  readonly contract: ChangingContract;
  readonly method: string;
  /** In words, when no role is asked for. */
  readonly caller: string;
  /** The role that is asked for; undefined when none is. */
  readonly roleId?: bigint;
  readonly cannot: string;
}

const ANYONE = "anyone";
const OWNER = "the provider's owner";
const COMPUTE = "the compute contract";
const POOL = "the bootstrap pool";
const AUTHORITY = "the AccessManager";
const HOLDER = "whoever holds a role";

/** Functions that ask for no role of the AccessManager: open to anyone, or to one address that the contract itself knows. */
const OPEN: readonly Permission[] = [
  open(
    "compute",
    "intake",
    ANYONE,
    "book more than has arrived, or widen a day that is open by more than its schedule",
  ),
  open("compute", "attest", ANYONE, "post what no quorum of the set in force signed, or more than the day's allowance"),
  open("compute", "debit", ANYONE, "book other debits than an active attestation carried, or twice"),
  open("compute", "claim", ANYONE, "pay anyone but a provider's own payout address, or a credit twice"),
  open("compute", "reserveAwards", POOL, "take from the free pool, or more than the bootstrap pool holds"),
  open("compute", "payAwards", POOL, "pay anyone but a provider's own payout address, or more than is owed"),
  open(
    "bootstrap",
    "enter",
    ANYONE,
    "enter what two roots do not prove, out of time, or push a better one from the list",
  ),
  open("bootstrap", "close", ANYONE, "close out of order or early, or choose a season's pool"),
  open("bootstrap", "award", ANYONE, "pay a rank twice, or anyone but its provider's payout address"),
  open("registry", "register", ANYONE, "take an id that is given, or register without a bond"),
  open("registry", "addBond", ANYONE, "touch a timer, or add to a provider that has left"),
  open("registry", "recordPossession", ANYONE, "record what the provider's owner did not sign"),
  open("registry", "applyPayout", ANYONE, "apply before the change delay, or another address than the owner proposed"),
  open("registry", "postSlash", ANYONE, "post what no quorum signed, or an event twice"),
  open(
    "registry",
    "executeSlash",
    ANYONE,
    "execute before the delay, take more than the bond, or pay anyone but the pool",
  ),
  open("registry", "acceptOwner", "the proposed owner", "accept before the change delay"),
  open("registry", "setMetadata", OWNER, "change anything but the metadata"),
  open("registry", "proposeOwner", OWNER, "have effect before the change delay and the acceptance"),
  open("registry", "proposePayout", OWNER, "have effect before the change delay, or hold a claim back meanwhile"),
  open("registry", "announceExit", OWNER, "shorten the unbonding delay, or announce twice"),
  open("registry", "withdrawBond", OWNER, "withdraw before the unbonding delay, or more than the bond less the debt"),
  open("registry", "bookDebt", COMPUTE, "take a bond or a payment; a debt is netted against what is paid next"),
  open("registry", "absorbDebt", COMPUTE, "raise a debt"),
  ...(["compute", "registry", "routers"] as const).map((contract) =>
    open(contract, "setAuthority", AUTHORITY, "be called by an account; reached by `updateAuthority` alone"),
  ),
  open("authority", "schedule", HOLDER, "schedule a call that the caller's role does not allow"),
  open("authority", "execute", HOLDER, "execute before the role's delay, or after a week"),
  open("authority", "cancel", "whoever scheduled the call, or an admin", "cancel what has been executed"),
  open("authority", "renounceRole", HOLDER, "renounce another account's role"),
  open("authority", "consumeScheduledOp", "the target of a scheduled call", "consume another contract's"),
  open("authority", "multicall", ANYONE, "do what the caller could not do call by call"),
];

/** Functions of the AccessManager that ask for its admin role. */
const ADMINISTRATION: readonly Permission[] = (
  [
    ["grantRole", "give more than the roles of this table allow"],
    ["revokeRole", "undo what a role has done"],
    ["labelRole", "change anything but a name"],
    ["setRoleAdmin", "reach further than this table"],
    ["setRoleGuardian", "execute anything; a guardian of a role can only cancel its scheduled calls"],
    ["setGrantDelay", "shorten a delay at once: less takes five days more"],
    ["setTargetFunctionRole", "put a role before a function that has none: claims, exits and withdrawals stay open"],
    ["setTargetAdminDelay", "shorten a delay at once: less takes five days more"],
    ["setTargetClosed", "close a function that has no role: claims, exits and withdrawals stay open"],
    ["updateAuthority", "reach further than the functions with a role in this table"],
  ] as const
).map(([method, cannot]) => ({
  contract: "authority" as const,
  method,
  caller: "admin",
  roleId: ADMIN_ROLE,
  cannot,
}));

/**
 * Every function of the suite that can change anything, and who may call it (design 10). A test compares it with the ABIs, with
 * the roles on chain and with the page in SECURITY.md.
 */
export const PERMISSIONS: readonly Permission[] = Object.freeze([
  ...RESTRICTED_FUNCTIONS.map(({ contract, method, roleId, cannot }) => ({
    contract,
    method,
    caller: "role",
    roleId,
    cannot,
  })),
  ...OPEN,
  ...ADMINISTRATION,
]);

function open(contract: ChangingContract, method: string, caller: string, cannot: string): Permission {
  return { contract, method, caller, cannot };
}
