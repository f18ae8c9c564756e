import { setTimeout as sleep } from "node:timers/promises";
import { Wallet } from "ethers";
import { postAttestation } from "../../actions/postAttestation.js";
import { readState } from "../../actions/readState.js";
import { CommandLineInvalid } from "../../errors/service.js";
import { YellowstoneError } from "../../errors/base.js";
import { openSqliteStorage } from "../../journal/index.js";
import { wordsOf } from "../../service/log.js";
import { createRelayer, relayProvider, type JobId, type JobStatus, type Relayer } from "../../relayer/index.js";
import type { Deployment } from "../../deployment/index.js";
import { CHAIN_OPTIONS, rpcOf, withChain } from "../chain.js";
import { EXIT, type Command, type Context } from "../command.js";
import { confirm } from "../confirm.js";
import { WRITE_OPTIONS, rehearse } from "../perform.js";
import { sourceOf, type RelaySource } from "../relaySource.js";
import { openSender, withRunner } from "../sender.js";
import { untilSignal } from "../untilSignal.js";
import { ether, morOfUMor } from "../words.js";

const DEFAULT_STORE = "yellowstone-relay.db";

/** `yellowstone relay`: attestations that others signed, to the chain. */
export const relay: Command = {
  positionals: "SOURCE...",
  maxPositionals: 16,
  about:
    "A SOURCE is a file with a signed attestation, a folder of such files, or the URL of a router. Jobs and signed transactions " +
    "are in the store before anything is sent, so nothing is sent twice, whatever ends the command; what is stuck is replaced. " +
    "Without --follow it ends when everything there was is done. The account's nonces must be the relayer's alone.",
  options: {
    follow: { about: "go on until SIGINT or SIGTERM" },
    store: { value: "FILE", about: `what it must not forget, kept between runs; ${DEFAULT_STORE} without it` },
    poll: { value: "MS", about: "between two looks; 2,000 without it" },
    confirmations: { value: "N", about: "blocks that must stand on a transaction; 2 without it" },
    "max-fee": { value: "WEI", about: "nothing is sent at a higher price of gas" },
    ...CHAIN_OPTIONS,
    ...WRITE_OPTIONS,
  },
  examples: [
    "relay attestation.json --keystore poster.json --yes",
    "relay https://router.example --follow --key-env POSTER_KEY --store poster.db --yes",
  ],
  async run(context) {
    const { args } = context;
    if (args.positionals.length === 0) throw new CommandLineInvalid("name a SOURCE: a file, a folder or a URL");
    const sources = await Promise.all(args.positionals.map(sourceOf));
    return withChain(context, ({ d }) =>
      args.flag("dry-run") ? dryRun(context, d, sources) : work(context, d, sources),
    );
  },
};

function dryRun(context: Context, d: Deployment, sources: readonly RelaySource[]): Promise<number> {
  return rehearse(context, d, async () => {
    const { head } = await readState(d);
    const posts = [];
    for (const source of sources)
      posts.push(...(await source.look(head.lastSeq, (path, error) => warn(context, path, error))));
    const steps = posts.map((post) => {
      const { seq, credited } = post.attestation;
      const title = `post attestation ${seq}, which credits ${morOfUMor(credited)}`;
      return { verb: postAttestation.verb, title, call: () => postAttestation.call(d, post) };
    });
    return { steps, about: { json: { lastSeq: head.lastSeq }, text: steps.length === 0 ? "nothing to post" : "" } };
  });
}

async function work(context: Context, d: Deployment, sources: readonly RelaySource[]): Promise<number> {
  const { args, print } = context;
  const provider = relayProvider(rpcOf(context), d.chainId);
  const pollMs = Number(args.count("poll", 50n, 3_600_000n) ?? 2_000n);
  const confirmations = Number(args.count("confirmations", 1n, 10_000n) ?? 2n);
  const maxFeePerGasWei = args.count("max-fee", 1n, 2n ** 64n);
  try {
    const sender = await openSender(context, provider);
    await confirm(
      context,
      `post what ${sources.map(({ name }) => name).join(", ")} has, from ${await sender.getAddress()}`,
    );
    const store = await openSqliteStorage(args.text("store") ?? DEFAULT_STORE);
    const relayer = await createRelayer({
      sender: sender instanceof Wallet ? sender : sender.connect(provider),
      deployment: withRunner({ ...d, provider }, sender),
      store,
      limits: { confirmations },
      timing: { pollMs },
      ...(maxFeePerGasWei === undefined ? {} : { fees: { maxFeePerGasWei } }),
      observer: (event) => {
        if (event.event === "failure") print.note(event.failure.message);
      },
    });
    try {
      return await untilSignal((signal) => carry(context, d, { relayer, sources, pollMs, signal }));
    } finally {
      await relayer.close();
    }
  } finally {
    provider.destroy();
  }
}

interface Work {
  readonly relayer: Relayer;
  readonly sources: readonly RelaySource[];
  readonly pollMs: number;
  readonly signal: AbortSignal;
}

/** Look at the sources, hand over what is new, and tell what became of it. */
async function carry(context: Context, d: Deployment, { relayer, sources, pollMs, signal }: Work): Promise<number> {
  const isFollowing = context.args.flag("follow");
  const open = new Set<JobId>((await relayer.jobs()).filter(isOpen).map(({ id }) => id));
  const ended = new AbortController();
  const running = relayer.run(AbortSignal.any([signal, ended.signal]));
  const warned = new Set<string>();
  let [hasTold, hasFailed] = [false, false];
  try {
    for (let hasLooked = false; !signal.aborted && (isFollowing || !hasLooked || open.size > 0); hasLooked = true) {
      try {
        if (isFollowing || !hasLooked) {
          const { head } = await readState(d);
          for (const source of sources) {
            const found = await source.look(head.lastSeq, (path, error) => {
              if (!warned.has(path)) warn(context, path, error);
              warned.add(path);
            });
            for (const post of found) open.add(await relayer.post(post));
          }
        }
      } catch (error) {
        // Who follows outlives a router or node that is away for a while.
        if (!isFollowing || !(error instanceof YellowstoneError) || error.retry === "no") throw error;
        context.print.note(error.message);
      }
      context.print.progress(`${open.size} under way`);
      await Promise.race([running, sleep(Math.min(pollMs, 250), undefined, { signal }).catch(() => undefined)]);
      for (const id of open) {
        const job = await relayer.status(id);
        if (isOpen(job)) continue;
        open.delete(id);
        hasTold = true;
        hasFailed = tell(context, job) || hasFailed;
      }
    }
  } finally {
    ended.abort();
    await running;
  }
  if (!isFollowing && !hasTold && open.size === 0) context.print.note("nothing to post");
  if (open.size > 0) context.print.note(`${open.size} under way: they go on when the relayer runs again`);
  return hasFailed ? EXIT.refused : EXIT.done;
}

function isOpen({ phase }: JobStatus): boolean {
  return phase === "waiting" || phase === "sent";
}

/** @returns whether it failed */
function tell({ print }: Context, { id, phase, parts }: JobStatus): boolean {
  // An attestation is a part of its own.
  const { items, failure, result } = parts[0]!;
  const [seq] = items;
  const feeWei = result?.feeWei;
  const json = { jobId: id, seq, phase, by: result?.by ?? null, hash: result?.hash ?? null };
  const how = result?.by === "others" ? "was posted already" : `is on chain: ${result?.hash ?? ""}`;
  const fee = feeWei === undefined ? "" : `, ${ether(feeWei)}`;
  const text = failure === undefined ? `${how}${fee}` : `is not posted: ${failure.message} ${failure.next}`;
  const block = result?.blockNumber ?? null;
  print.result({ ...json, block, feeWei: feeWei ?? null, failure: failure ?? null }, `attestation ${seq} ${text}`);
  return phase === "failed";
}

function warn({ print }: Context, path: string, error: unknown): void {
  print.warn(`${path} is passed over: ${wordsOf(error)}`);
}
