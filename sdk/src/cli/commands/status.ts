import { read } from "../../actions/read.js";
import { readRouterSet } from "../../actions/readRouterSet.js";
import { readState, type ComputeState } from "../../actions/readState.js";
import { seasonAt } from "../../bootstrap/index.js";
import type { Deployment } from "../../deployment/index.js";
import { CommandLineInvalid } from "../../errors/service.js";
import type { RouterSet } from "../../router/index.js";
import { DEFAULT_STATUS_PORT, serveDeployment } from "../../statusPage/index.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import { EXIT, type Command } from "../command.js";
import type { ListenAddress } from "../listenAddress.js";
import type { Printer } from "../printer.js";
import { untilSignal } from "../untilSignal.js";
import { amountJson, duration, moment, mor, pairs, table, uMorJson } from "../words.js";

/** An attestation that can still be vetoed. */
interface Pending {
  readonly seq: bigint;
  readonly activeAt: bigint;
}

/** Everything the command shows, as of one block. */
interface Status extends ComputeState {
  readonly set: Required<RouterSet>;
  readonly pausedUntil: bigint;
  readonly pending: readonly Pending[];
  readonly season: bigint | undefined;
}

/** `yellowstone status`: the deployment as it stands. */
export const status: Command = {
  about:
    "Reads one block and sends nothing. Amounts are MOR; in JSON wei as decimal strings beside them. With --serve the same as a live " +
    "page for a browser, until SIGINT.",
  options: {
    serve: { about: "serve a page that follows the chain" },
    listen: { value: "HOST:PORT", about: `where the page is; 127.0.0.1:${DEFAULT_STATUS_PORT} without it` },
    ...CHAIN_OPTIONS,
  },
  examples: [
    "status --rpc http://127.0.0.1:8545 --deployment deployment.json",
    "status --json",
    "status --serve --listen 8080",
  ],
  run: (context) =>
    withChain(context, async ({ d }) => {
      const { args, print } = context;
      const listen = args.listen("listen");
      if (args.flag("serve")) return serve(d, listen, print);
      if (listen !== undefined) throw new CommandLineInvalid("--listen goes with --serve");
      const found = await readStatus(d);
      print.result(jsonOf(d, found), textOf(d, found, print));
      return EXIT.done;
    }),
};

async function serve(d: Deployment, listen: Partial<ListenAddress> = {}, print: Printer): Promise<number> {
  await untilSignal(async (signal) => {
    const { url, stopped } = await serveDeployment(d, { ...listen, signal });
    print.result({ status: "serving", url }, `serving at ${url}; Ctrl-C ends it`);
    await stopped;
  });
  return EXIT.done;
}

async function readStatus(d: Deployment): Promise<Status> {
  const blockTag = await read(() => d.provider.getBlockNumber());
  const [state, set, pause] = await Promise.all([
    readState(d, blockTag),
    readRouterSet(d, blockTag),
    read(() => d.compute.pauseState({ blockTag })),
  ]);
  const { activeSeq, lastSeq, timestamp } = state.head;
  const seqs = Array.from({ length: Number(lastSeq - activeSeq) }, (_, i) => activeSeq + BigInt(i) + 1n);
  // A vetoed attestation has neither root nor moment.
  const moments = await Promise.all(
    seqs.map(async (seq) => ({ seq, activeAt: await read(() => d.compute.activeAtOf(seq, { blockTag })) })),
  );
  const pending = moments.filter(({ activeAt }) => activeAt > timestamp);
  const season = d.bootstrapWindow === undefined ? undefined : seasonAt(d.bootstrapWindow, timestamp);
  return { ...state, set, pausedUntil: pause.pausedUntil, pending, season };
}

function jsonOf(d: Deployment, { blockTag, pool, head, set, pausedUntil, pending, season }: Status): object {
  const { day, ...amounts } = pool;
  const { attestedUMor, ...figures } = head;
  const poolJson = Object.entries(amounts).map(([name, wei]) => amountJson(name.replace(/Wei$/, ""), wei));
  return {
    chainId: d.chainId,
    block: Number(blockTag),
    addresses: d.addresses,
    pool: { day, ...(Object.assign({}, ...poolJson) as object) },
    head: { ...figures, ...uMorJson("attested", attestedUMor) },
    pending,
    pausedUntil: pausedUntil > head.timestamp ? pausedUntil : null,
    activationDelaySeconds: d.activationDelaySeconds,
    routers: { epoch: set.epoch, threshold: set.threshold, accounts: set.routers },
    season: season ?? null,
  };
}

function textOf(d: Deployment, { blockTag, pool, head, set, pausedUntil, pending, season }: Status, print: Printer) {
  const isPaused = pausedUntil > head.timestamp;
  const rows: [string, string][] = [
    ["chain", `${d.chainId}, block ${String(blockTag)}, ${moment(head.timestamp)}`],
    ["compute", d.addresses.compute],
    ["providers", `${head.providerCount}`],
    ["routers", `${set.threshold} of ${set.routers.length} sign, set ${set.epoch}`],
    ["attestations", `${head.lastSeq} posted, ${head.activeSeq} is active, ${pending.length} can still be vetoed`],
    ["credited", mor(head.attestedUMor * 10n ** 12n)],
    ["paused", isPaused ? print.paint(`until ${moment(pausedUntil)}; claims are not`, "red") : "no"],
    ["season", season === undefined ? "none runs" : `${season}`],
  ];
  const poolRows: [string, bigint, string][] = [
    ["held", pool.heldWei, "tokens of the contract"],
    ["unused", pool.unusedWei, "free"],
    ["owed", pool.owedWei, "credited or awarded, not yet paid"],
    ["bootstrap", pool.bootstrapWei, "for the seasons"],
    ["budget", pool.budgetWei, `room of day ${pool.day}`],
    ["drawn", pool.drawnWei, "reserved of it"],
    ["allowance", pool.allowanceWei, "still free to be credited today"],
  ];
  const waits = pending.map(({ seq, activeAt }) => {
    return [`${seq}`, moment(activeAt), duration(activeAt - head.timestamp)];
  });
  return [
    pairs(rows),
    table(
      ["pool", " MOR", "what"],
      poolRows.map(([name, wei, what]) => [name, mor(wei).replace(" MOR", ""), what]),
    ),
    ...(waits.length === 0 ? [] : [table(["attestation", "active at", "veto within"], waits)]),
  ].join("\n\n");
}
