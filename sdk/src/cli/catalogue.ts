import type { CommandEntry } from "./command.js";

/** Every command, in the order of the help: one file each, loaded when it is called. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "status",
    summary: "pool, budget, attestations and routers of a deployment",
    load: async () => (await import("./commands/status.js")).status,
  },
  {
    name: "quota",
    summary: "what a user may ask for today, step by step",
    load: async () => (await import("./commands/quota.js")).quota,
  },
  {
    name: "provider register",
    summary: "register a provider with its bond",
    load: async () => (await import("./commands/providerRegister.js")).providerRegister,
  },
  {
    name: "provider bid",
    summary: "sign a bid for a model and hand it to a router",
    load: async () => (await import("./commands/providerBid.js")).providerBid,
  },
  {
    name: "provider credit",
    summary: "what a provider earned, was paid and can claim, and the way it came",
    load: async () => (await import("./commands/providerCredit.js")).providerCredit,
  },
  {
    name: "provider claim",
    summary: "claim what providers are due",
    load: async () => (await import("./commands/providerClaim.js")).providerClaim,
  },
  {
    name: "provider bond add",
    summary: "add to a provider's bond",
    load: async () => (await import("./commands/providerBondAdd.js")).providerBondAdd,
  },
  {
    name: "provider payout propose",
    summary: "propose another payout address",
    load: async () => (await import("./commands/providerPayoutPropose.js")).providerPayoutPropose,
  },
  {
    name: "provider payout apply",
    summary: "put a proposed payout address into force after the delay",
    load: async () => (await import("./commands/providerPayoutApply.js")).providerPayoutApply,
  },
  {
    name: "provider exit announce",
    summary: "announce a provider's exit: the unbonding delay begins",
    load: async () => (await import("./commands/providerExitAnnounce.js")).providerExitAnnounce,
  },
  {
    name: "provider exit withdraw",
    summary: "withdraw the bond after the unbonding delay",
    load: async () => (await import("./commands/providerExitWithdraw.js")).providerExitWithdraw,
  },
  {
    name: "router run",
    summary: "serve as a router",
    load: async () => (await import("./commands/routerRun.js")).routerRun,
  },
  {
    name: "router sign",
    summary: "sign a message, or a proposed attestation, with a router's key",
    load: async () => (await import("./commands/routerSign.js")).routerSign,
  },
  {
    name: "router verify",
    summary: "verify signed messages: who signed them, and what is wrong with them",
    load: async () => (await import("./commands/routerVerify.js")).routerVerify,
  },
  {
    name: "relay",
    summary: "post signed attestations, each once",
    load: async () => (await import("./commands/relay.js")).relay,
  },
  {
    name: "season status",
    summary: "how a provider stands in a season of the bootstrap pool",
    load: async () => (await import("./commands/seasonStatus.js")).seasonStatusCommand,
  },
  {
    name: "season ranking",
    summary: "the best hundred of a season, entered or not",
    load: async () => (await import("./commands/seasonRanking.js")).seasonRanking,
  },
  {
    name: "season enter",
    summary: "enter providers into a season with their proofs",
    load: async () => (await import("./commands/seasonEnter.js")).seasonEnter,
  },
  {
    name: "season close",
    summary: "close a season and fix its pool",
    load: async () => (await import("./commands/seasonClose.js")).seasonClose,
  },
  {
    name: "season award",
    summary: "pay the shares of a closed season",
    load: async () => (await import("./commands/seasonAward.js")).seasonAward,
  },
  {
    name: "watch",
    summary: "follow a deployment: attestations, vetoes, claims and alarms",
    load: async () => (await import("./commands/watch.js")).watchCommand,
  },
];
