/// <reference types="node" />
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { CommandLineInvalid, ConfigInvalid } from "../../errors/service.js";
import { readRouterSet } from "../../actions/readRouterSet.js";
import { readConfig, type RouterConfig } from "../../service/config/config.js";
import { connectService, startRouter } from "../../service/service.js";
import { openCore } from "../../service/core.js";
import { createLog } from "../../service/log.js";
import { EXIT, exitCodeOf, type Command, type Surroundings } from "../command.js";

interface Options {
  readonly config: string;
  readonly json: boolean;
  readonly dryRun: boolean;
}

/** `yellowstone router run`: serve as a router until told to stop. */
export const routerRun: Command = {
  name: "router run",
  summary: "serve as a router",
  help: `Usage: yellowstone router run --config FILE [--dry-run] [--json]

  --config FILE  configuration, JSON or JSON5; keys are named in it, never written
  --dry-run      check configuration, keys, chain, journal and archive, then end
  --json         say the address and the result as JSON, one object a line

Exit codes: 0 stopped as asked, 1 failed, 2 usage, 3 configuration or key, 4 journal or archive, 5 chain.
The log goes to standard error, one JSON object a line. SIGTERM or SIGINT stops it in order; a second one at once.`,
  async run(args, around) {
    const options = optionsOf(args);
    const config = await configOf(options.config);
    return options.dryRun ? check(config, options, around) : serve(config, options, around);
  },
};

function optionsOf(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { config: { type: "string" }, json: { type: "boolean" }, "dry-run": { type: "boolean" } },
    });
    if (values.config === undefined) throw new CommandLineInvalid("--config FILE is missing");
    return { config: values.config, json: values.json ?? false, dryRun: values["dry-run"] ?? false };
  } catch (error) {
    if (error instanceof CommandLineInvalid) throw error;
    throw new CommandLineInvalid(error instanceof Error ? error.message : "bad options");
  }
}

async function configOf(path: string): Promise<RouterConfig> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new ConfigInvalid("--config", "a file that can be read", path);
  });
  return readConfig(text);
}

/** Open everything, touch nothing on chain, serve nobody. */
async function check(config: RouterConfig, { json }: Options, { env, out }: Surroundings): Promise<number> {
  const { d, key, provider } = await connectService({ config, env });
  try {
    const nobody = {
      coSign: () => Promise.reject(new CommandLineInvalid("dry run")),
      blocksAfter: () => Promise.resolve([]),
      hear: () => undefined,
    };
    const core = await openCore({ config, env, d, key, nowMs: BigInt(Date.now()), pool: undefined, peer: nobody });
    core.abandon();
    const { threshold, routers } = await readRouterSet(d);
    const figures = { router: key.signer.address, chainId: d.chainId.toString(), threshold, routers: routers.length };
    out.write(
      json
        ? `${JSON.stringify({ status: "ok", ...figures })}\n`
        : `ok: ${Object.entries(figures)
            .map(([name, figure]) => `${name} ${figure}`)
            .join(", ")}\n`,
    );
    return EXIT.done;
  } finally {
    provider.destroy();
  }
}

async function serve(config: RouterConfig, { json }: Options, { env, out, err }: Surroundings): Promise<number> {
  const log = createLog(config.log.level, { write: (line) => void err.write(line) });
  const service = await startRouter({ config, env, log });
  out.write(json ? `${JSON.stringify({ status: "serving", url: service.url })}\n` : `serving at ${service.url}\n`);
  let signals = 0;
  const stop = (): void => {
    if (++signals > 1) process.exit(EXIT.failed);
    void service.stop();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stop);
  const failure = await service.stopped;
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.off(signal, stop);
  if (failure === undefined) return EXIT.done;
  err.write(`${failure.message}\n${failure.next}\n`);
  return exitCodeOf(failure);
}
