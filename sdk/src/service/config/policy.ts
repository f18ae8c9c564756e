import type { FailureParams, PriceRange } from "../../market/index.js";
import type { GateParams } from "../../quality/index.js";
import type { RouterPolicy } from "../../router/index.js";
import type { Section } from "./fields.js";

/** The part of a policy that an operator writes down. */
export type WrittenPolicy = Partial<Omit<RouterPolicy, "accessOf">>;

const YEAR_SECONDS = 31_536_000;

/** Read a policy; what is left out has the defaults of `createPolicy`. @throws ConfigInvalid */
export function readPolicy(section: Section): WrittenPolicy {
  const gate = section.section("gate");
  const failures = section.section("failures");
  const policy: WrittenPolicy = {
    ...optional(section, "reportSeconds", (name) => BigInt(section.count(name, 1, YEAR_SECONDS))),
    ...optional(section, "maxRfcSeconds", (name) => BigInt(section.count(name, 1, YEAR_SECONDS))),
    ...optional(section, "attestationSeconds", (name) => BigInt(section.count(name, 1, YEAR_SECONDS))),
    ...optional(section, "clockSkewMs", (name) => BigInt(section.count(name, 0, 600_000))),
    ...optional(section, "maxWaiting", (name) => section.count(name, 0, 10 ** 8)),
    ...optional(section, "priceRange", (name) => readRange(section.section(name))),
    gate: readGate(gate),
    failures: readFailures(failures),
  };
  for (const each of [gate, failures, section]) each.end();
  return policy;
}

function readGate(s: Section): Omit<GateParams, "samples"> {
  const most = 10 ** 6;
  return {
    ...optional(s, "tolerancePercent", (name) => s.count(name, 0, most)),
    ...optional(s, "window", (name) => s.count(name, 1, most)),
    ...optional(s, "minimumSamples", (name) => s.count(name, 1, most)),
    ...optional(s, "capMultiple", (name) => s.count(name, 1, most)),
    ...optional(s, "perUserCap", (name) => s.count(name, 1, most)),
  };
}

function readFailures(s: Section): Partial<FailureParams> {
  return {
    ...optional(s, "forgiven", (name) => s.count(name, 0, 10 ** 6)),
    ...optional(s, "window", (name) => s.count(name, 1, 10 ** 6)),
    ...optional(s, "coolDownBlocks", (name) => BigInt(s.count(name, 0, 10 ** 9))),
    ...optional(s, "maxCoolDownBlocks", (name) => BigInt(s.count(name, 0, 10 ** 9))),
  };
}

function readRange(s: Section): PriceRange {
  const range = { minWei: s.wei("minWei"), ...optional(s, "maxWei", (name) => s.wei(name)) };
  s.end();
  return range;
}

/** A field that is there, under its name; nothing for one that is not. Either way it counts as known. */
function optional<K extends string, V>(section: Section, name: K, read: (name: K) => V): { [P in K]?: V } {
  if (!section.has(name)) return {};
  return { [name]: read(name) } as { [P in K]?: V };
}
