import { sortRouters } from "../../chain/suite.js";
import type { Router } from "../../model/routers.js";
import * as verbs from "../../model/verbs/routers.js";
import { callData } from "../../wire/abi.js";
import type { Random } from "../random.js";
import { callerOf, type Action, type World } from "../world.js";

/** Governance puts another set into force. */
export const setRouters: Action = (world, random) => {
  const { system, actors, addresses } = world;
  const fault = random.chance(20)
    ? random.pick(["order", "threshold", "high", "none", "code", "stranger"] as const)
    : undefined;
  let routers = drawRouters(world, random);
  let threshold = BigInt(random.int(Math.floor(routers.length / 2) + 1, routers.length));
  if (fault === "order")
    routers = random.chance(50) ? [...routers, routers[0]!] : [{ account: 0n, isContract: false }, ...routers];
  if (fault === "threshold") threshold = BigInt(Math.floor(routers.length / 2));
  if (fault === "high") threshold = BigInt(routers.length) + 1n;
  if (fault === "none") routers = [];
  if (fault === "code") routers = routers.map((router) => ({ ...router, isContract: true }));
  const codeless = new Set(actors.routers.map(({ address }) => address));
  const key = fault === "stranger" ? actors.stranger : actors.governance;
  const list = routers.map(({ account, isContract }) => [account, isContract ? 1n : 0n]);
  return {
    key,
    to: addresses.routers,
    data: callData("routers", "setRouters", list, threshold),
    expect: () => {
      const before = system.routers.set;
      const outcome = verbs.setRouters(system, callerOf(world, key), routers, threshold, codeless);
      if (outcome.refusals.length === 0) world.oldSets.push(before);
      return outcome;
    },
  };
};

function drawRouters({ actors, contractRouters }: World, random: Random): Router[] {
  const keyed = actors.routers
    .filter(() => random.chance(50))
    .map(({ address }) => ({ account: address, isContract: false }));
  const coded = contractRouters.filter(() => random.chance(20)).map((account) => ({ account, isContract: true }));
  const some = keyed.length > 0 ? keyed : [{ account: actors.routers[0]!.address, isContract: false }];
  return sortRouters([...some, ...coded]);
}

/** The guardian takes a router out. */
export const removeRouter: Action = (world, random) => {
  const { system, actors, addresses } = world;
  const { routers } = system.routers.set;
  const account = random.chance(90) ? random.pick(routers).account : random.pick(actors.routers).address;
  const key = random.chance(5) ? actors.stranger : actors.guardian;
  return {
    key,
    to: addresses.routers,
    data: callData("routers", "removeRouter", account),
    expect: () => {
      const before = system.routers.set;
      const outcome = verbs.removeRouter(system, callerOf(world, key), account);
      if (outcome.refusals.length === 0) world.oldSets.push(before);
      return outcome;
    },
  };
};
