import json5 from "json5";
import type { KnownAddresses } from "../../deployment/index.js";
import { ConfigInvalid } from "../../errors/service.js";
import type { JournalSettings, SqliteSettings } from "../../journal/index.js";
import type { Address } from "../../units/index.js";
import { Section } from "./fields.js";
import { readPolicy, type WrittenPolicy } from "./policy.js";

/** Where a key is. Never the key itself. */
export type KeySource =
  | { readonly env: string }
  /** A keystore file (V3, scrypt or PBKDF2) and the environment variable with its password. */
  | { readonly keystore: string; readonly passwordEnv: string };

/** Where a text is that may hold a secret, such as a URL with an access token: here, or in an environment variable. */
export type TextSource = { readonly text: string } | { readonly env: string };

/** A chain whose MOR counts, beside that of the deployment. */
export interface BalanceChain {
  readonly rpcUrl: TextSource;
  readonly token: Address;
  /** No day begins before this block. */
  readonly fromBlock: number;
  readonly confirmations: number;
}

/** A configuration of `yellowstone router run`, every default filled in. */
export interface RouterConfig {
  readonly listen: { readonly host: string; readonly port: number; readonly trustProxy: boolean };
  readonly chain: { readonly rpcUrl: TextSource; readonly pollMs: number; readonly confirmations: number };
  readonly deployment: KnownAddresses;
  readonly key: KeySource;
  /** Sends attestations that have a quorum; another key than the router's. Nobody of this process when left out. */
  readonly poster: KeySource | undefined;
  readonly journal: { readonly path: string } & JournalSettings & SqliteSettings;
  readonly archive: { readonly path: string; readonly retainSeconds: number; readonly snapshotSeconds: number };
  /** A bound below the reserve's own budget of a day; the reserve's when left out. */
  readonly budgetWei: bigint | undefined;
  readonly policy: WrittenPolicy;
  readonly balances: readonly BalanceChain[];
  /** First block of a day that is looked for on the deployment's chain. */
  readonly balancesFromBlock: number;
  readonly peers: ReadonlyMap<Address, string>;
  /** Keys besides the routers' that may read blocks with their evidence, and proposals: those of guardians' watchers. */
  readonly watchers: readonly Address[];
  readonly quorum: {
    /** Complete blocks that one attestation waits for. */
    readonly cadenceBlocks: number;
    /** Blocks a router has to see its proposal through before the next one tries. */
    readonly turnBlocks: number;
    readonly timeoutMs: number;
    /** Milliseconds a proposer waits for the blocks of the others before it goes on without them. */
    readonly patienceMs: number;
    readonly maxAnswerBytes: number;
  };
  readonly liveness: {
    readonly check: boolean;
    readonly timeoutMs: number;
    readonly cacheMs: number;
    readonly allowPrivate: boolean;
  };
  readonly limits: {
    readonly bodyBytes: number;
    readonly quorumBodyBytes: number;
    readonly requestsPerMinute: number;
    readonly requestMs: number;
    readonly clockSkewMs: number;
  };
  /** Threads that recover signers; 0 recovers in the main one. */
  readonly verifiers: number;
  readonly tickMs: number;
  readonly log: { readonly level: LogLevel };
}

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
/** How much is logged. */
export type LogLevel = (typeof LEVELS)[number];

/**
 * Parse the text of a configuration file: JSON5, strict. Keys are named by their place, never written out.
 * @throws ConfigInvalid naming the first field that is missing, unknown or not of its type
 */
export function readConfig(text: string): RouterConfig {
  let input: unknown;
  try {
    input = json5.parse(text);
  } catch {
    // The parser's message may quote the text.
    throw new ConfigInvalid("file", "JSON or JSON5", undefined);
  }
  const root = new Section(input, "");
  const config: RouterConfig = {
    listen: close(root.section("listen"), (s) => ({
      host: s.text("host", "127.0.0.1"),
      port: s.count("port", 0, 65_535, 8_645),
      trustProxy: s.flag("trustProxy", false),
    })),
    chain: close(root.section("chain"), (s) => ({
      rpcUrl: readUrl(s, "rpcUrl"),
      pollMs: s.count("pollMs", 50, 600_000, 4_000),
      confirmations: s.count("confirmations", 0, 10_000, 0),
    })),
    deployment: close(root.section("deployment"), (s) => ({
      compute: s.address("compute"),
      lens: s.address("lens"),
      deployedInBlock: s.count("deployedInBlock", 0, Number.MAX_SAFE_INTEGER, 0),
      ...(s.has("codeHash") ? { codeHash: s.hash("codeHash") } : {}),
    })),
    key: readKeySource(root.section("key")),
    poster: root.has("poster") ? readKeySource(root.section("poster")) : undefined,
    journal: readJournal(root.section("journal")),
    archive: close(root.section("archive"), (s) => ({
      path: s.text("path"),
      retainSeconds: s.count("retainSeconds", 0, 10 ** 10, 604_800),
      snapshotSeconds: s.count("snapshotSeconds", 1, 10 ** 9, 600),
    })),
    budgetWei: root.has("budgetWei") ? root.wei("budgetWei") : undefined,
    policy: readPolicy(root.section("policy")),
    balances: root.sections("balances", 16).map((each) =>
      close(each, (s) => ({
        rpcUrl: readUrl(s, "rpcUrl"),
        token: s.address("token"),
        fromBlock: s.count("fromBlock", 0, Number.MAX_SAFE_INTEGER, 0),
        confirmations: s.count("confirmations", 0, 10_000, 0),
      })),
    ),
    balancesFromBlock: root.count("balancesFromBlock", 0, Number.MAX_SAFE_INTEGER, 0),
    peers: readPeers(root.section("peers")),
    watchers: root.addresses("watchers", 32),
    quorum: close(root.section("quorum"), (s) => ({
      cadenceBlocks: s.count("cadenceBlocks", 1, 1_000_000, 50),
      turnBlocks: s.count("turnBlocks", 1, 1_000_000, 5),
      timeoutMs: s.count("timeoutMs", 50, 600_000, 5_000),
      patienceMs: s.count("patienceMs", 0, 600_000, 5_000),
      maxAnswerBytes: s.count("maxAnswerBytes", 65_536, 2 ** 30, 64 * 2 ** 20),
    })),
    liveness: close(root.section("liveness"), (s) => ({
      check: s.flag("check", true),
      timeoutMs: s.count("timeoutMs", 1, 60_000, 500),
      cacheMs: s.count("cacheMs", 0, 600_000, 2_000),
      allowPrivate: s.flag("allowPrivate", false),
    })),
    limits: close(root.section("limits"), (s) => ({
      bodyBytes: s.count("bodyBytes", 1_024, 2 ** 26, 16_384),
      quorumBodyBytes: s.count("quorumBodyBytes", 16_384, 2 ** 28, 1_048_576),
      requestsPerMinute: s.count("requestsPerMinute", 1, 10 ** 9, 6_000),
      requestMs: s.count("requestMs", 100, 600_000, 15_000),
      clockSkewMs: s.count("clockSkewMs", 100, 600_000, 30_000),
    })),
    verifiers: root.count("verifiers", 0, 256, 0),
    tickMs: root.count("tickMs", 20, 60_000, 500),
    log: close(root.section("log"), (s) => ({ level: s.oneOf("level", LEVELS, "info") })),
  };
  root.end();
  return config;
}

/** Read a section and refuse what is left of it. */
function close<T>(section: Section, read: (section: Section) => T): T {
  const value = read(section);
  section.end();
  return value;
}

function readKeySource(section: Section): KeySource {
  return close(section, (s) => {
    if (s.has("env") === s.has("keystore")) {
      throw new ConfigInvalid(s.at("env"), "either env or keystore with passwordEnv", undefined);
    }
    if (s.has("env")) return { env: variable(s, "env") };
    return { keystore: s.text("keystore"), passwordEnv: variable(s, "passwordEnv") };
  });
}

/** The name of an environment variable; what is none may be a key that was pasted here, so it is not shown. */
function variable(section: Section, name: string): string {
  const value = section.text(name);
  if (!/^[A-Za-z_]\w{0,127}$/.test(value) || /^0x/i.test(value) || /^[0-9a-f]{64}$/i.test(value)) {
    throw new ConfigInvalid(section.at(name), "the name of an environment variable", undefined);
  }
  return value;
}

function readUrl(section: Section, name: string): TextSource {
  const env = `${name}Env`;
  if (section.has(name) === section.has(env)) {
    throw new ConfigInvalid(section.at(name), `either ${name} or ${env}`, undefined);
  }
  return section.has(env) ? { env: variable(section, env) } : { text: section.url(name) };
}

function readJournal(section: Section): RouterConfig["journal"] {
  return close(section, (s) => ({
    path: s.text("path"),
    durability: s.oneOf("durability", ["disk", "process"] as const, "disk"),
    group: s.count("groupMs", 0, 1_000, 0),
    snapshotEvery: s.count("snapshotEvery", 1, 10 ** 9, 50_000),
    retainSeconds: BigInt(s.count("retainSeconds", 0, 10 ** 10, 604_800)),
    ...(s.has("maxBytes") ? { maxBytes: s.count("maxBytes", 65_536, Number.MAX_SAFE_INTEGER) } : {}),
  }));
}

function readPeers(section: Section): ReadonlyMap<Address, string> {
  return close(section, (s) => {
    const named = s.names().map((name) => {
      const account = new Section({ account: name }, s.at(name)).address("account");
      return [account, s.url(name).replace(/\/+$/, "")] as const;
    });
    return new Map(named);
  });
}
