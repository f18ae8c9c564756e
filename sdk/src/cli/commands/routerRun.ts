/// <reference types="node" />
import { readFile } from "node:fs/promises";
import { ConfigInvalid } from "../../errors/service.js";
import { readRouterSet } from "../../actions/readRouterSet.js";
import { readConfig, type RouterConfig } from "../../service/config/config.js";
import { connectService, startRouter } from "../../service/service.js";
import { openCore } from "../../service/core.js";
import { createLog } from "../../service/log.js";
import { EXIT, exitCodeOf, type Command, type Context } from "../command.js";

/** `yellowstone router run`: serve as a router until told to stop. */
export const routerRun: Command = {
  about:
    "The log goes to standard error, one JSON object a line. SIGTERM or SIGINT stops it in order; a second one at once.",
  options: {
    config: { value: "FILE", about: "configuration, JSON or JSON5; keys are named in it, never written" },
    "dry-run": { about: "check configuration, keys, chain, journal and archive, then end" },
  },
  examples: ["router run --config router.json5 --dry-run", "router run --config router.json5"],
  async run(context) {
    const config = await configOf(context.args.need("config"));
    return context.args.flag("dry-run") ? check(config, context) : serve(config, context);
  },
};

/** Read a router's configuration file. @throws ConfigInvalid */
export async function configOf(path: string): Promise<RouterConfig> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new ConfigInvalid("--config", "a file that can be read", path);
  });
  return readConfig(text);
}

/** Open everything, touch nothing on chain, serve nobody. */
async function check(config: RouterConfig, { around: { env }, print }: Context): Promise<number> {
  const { d, key, provider } = await connectService({ config, env });
  try {
    const core = await openCore({ config, env, d, key, nowMs: BigInt(Date.now()), pool: undefined });
    core.abandon();
    const { threshold, routers } = await readRouterSet(d);
    const figures = { router: key.signer.address, chainId: d.chainId.toString(), threshold, routers: routers.length };
    const words = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
    print.result({ status: "ok", ...figures }, `ok: ${words.join(", ")}`);
    return EXIT.done;
  } finally {
    provider.destroy();
  }
}

async function serve(config: RouterConfig, { around: { env, err }, print }: Context): Promise<number> {
  const log = createLog(config.log.level, { write: (line) => void err.write(line) });
  const service = await startRouter({ config, env, log });
  print.result({ status: "serving", url: service.url }, `serving at ${service.url}`);
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
