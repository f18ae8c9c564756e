import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Edr from "@nomicfoundation/edr";
import { SWITCH } from "../awake.js";
import type { Code } from "./compiler.js";
import type { Project, Suite } from "./project.js";

const require = createRequire(import.meta.url);
/** Hardhat's own copy of its EVM. */
const edr = createRequire(require.resolve("hardhat"))("@nomicfoundation/edr") as typeof Edr;

/** Fewer inputs than `npm test` takes: a mutant that lives through these may still be found by more. */
const FUZZ_RUNS = 32;
const CAMPAIGN = { runs: 12, depth: 250, failOnRevert: true, shrinkRunLimit: 0, dictionaryWeight: 0 };

/** What a suite said of a mutant. */
export interface Verdict {
  /** Tests that failed, the first with its reason. */
  readonly failed: readonly string[];
  readonly reason: string;
  readonly millis: number;
  /** Milliseconds of each test. */
  readonly millisOf: ReadonlyMap<string, number>;
}

/** What a run can do otherwise than for mutants. */
export interface RunnerOptions {
  /** Inputs that a fuzz test takes. */
  readonly fuzzRuns?: number;
  /** Told after each transaction which numbers the code reported to the coverage listener. */
  readonly collect?: (hits: readonly Uint8Array[]) => void;
}

/** Runs Solidity tests inside this process, over artifacts in memory. */
export class Runner {
  readonly #context = new edr.EdrContext();
  readonly #ready: Promise<void>;
  readonly #folder: string;

  constructor(
    readonly project: Project,
    readonly options: RunnerOptions = {},
  ) {
    this.#ready = this.#context.registerSolidityTestRunnerFactory(edr.L1_CHAIN_TYPE, edr.l1SolidityTestRunnerFactory());
    // Campaigns write what they counted: not into the count of `npm run invariants`.
    this.#folder = join(project.root, "cache/mutation/run");
    mkdirSync(join(this.#folder, "cache"), { recursive: true });
  }

  /** Run `suite` over `codes` in place of what is built, with mutant `awake` awake (0: none) and without the tests `except`. */
  async run(
    suite: Suite,
    codes: ReadonlyMap<string, Code>,
    awake: number,
    except: readonly string[],
  ): Promise<Verdict> {
    await this.#ready;
    const millisOf = new Map<string, number>();
    if (suite.tests.every((test) => except.includes(test))) return { failed: [], reason: "", millis: 0, millisOf };
    const left = [...suite.others, ...except];
    const artifacts = [...this.project.artifacts].map(([name, artifact]) => {
      const code = codes.get(name);
      return code === undefined ? artifact : withCode(artifact, code);
    });
    const begun = performance.now();
    const failed: string[] = [];
    let reason = "";
    const { fuzzRuns = FUZZ_RUNS, collect } = this.options;
    const config: Edr.SolidityTestRunnerConfigArgs = {
      projectRoot: this.#folder,
      hardfork: "osaka",
      fsPermissions: [{ access: edr.FsAccessPermission.WriteFile, path: "./cache/invariants.txt" }],
      localPredeploys: [...edr.l1GenesisState(edr.l1HardforkFromString("osaka")), switchAt(awake)],
      disableBlockGasLimit: true,
      disableTransactionGasCap: true,
      gasLimit: suite.gasLimit,
      fuzz: { runs: fuzzRuns, seed: "0x59656c6c6f7773746f6e65" },
      invariant: { ...CAMPAIGN, includeStorage: false, includePushBytes: false },
      collectStackTraces: edr.CollectStackTraces.OnFailure,
      ...(collect !== undefined && {
        observability: { codeCoverage: { onCollectedCoverageCallback: (hits) => Promise.resolve(collect(hits)) } },
      }),
      ...(left.length > 0 && { excludeTestPattern: `^(${left.join("|")})\\(` }),
    };
    // The suite's results may come after the end of the run: both are awaited.
    let tell: (result: Edr.SuiteResult) => void = () => undefined;
    const told = new Promise<Edr.SuiteResult>((resolve) => (tell = resolve));
    const whole = this.#context.runSolidityTests(
      edr.L1_CHAIN_TYPE,
      artifacts,
      [suite.artifact.id],
      config,
      { buildInfos: [], ignoreContracts: false },
      (result) => tell(result),
    );
    const [{ testResults }] = await Promise.all([told, whole]);
    for (const { name, status, reason: said, durationNs } of testResults) {
      const test = name.replace(/\(.*/, "");
      millisOf.set(test, Number(durationNs) / 1e6);
      if (String(status) !== "Failure") continue;
      if (failed.length === 0) reason = said ?? "";
      failed.push(test);
    }
    return { failed, reason, millis: performance.now() - begun, millisOf };
  }
}

function withCode({ id, contract }: Edr.Artifact, { bytecode, deployedBytecode }: Code): Edr.Artifact {
  return { id, contract: { ...contract, bytecode: `0x${bytecode}`, deployedBytecode: `0x${deployedBytecode}` } };
}

function switchAt(balance: number): Edr.AccountOverride {
  const address = Buffer.from(SWITCH.toString(16).padStart(40, "0"), "hex");
  return { address, balance: BigInt(balance), code: Uint8Array.of(0) };
}
