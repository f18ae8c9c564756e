// A co-signer: a router of the set that serves no users. It does the work of another router again, from the evidence of that
// router's blocks and from the chain, and signs a proposal only if it comes to the very same attestation.
//
//   NODE_URL=… COMPUTE=0x… LENS=0x… CO_SIGNER_KEY=0x… ROUTER=0x… ROUTER_URL=http://… node coSigner.ts
import { open, readFile, rename } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { JsonRpcProvider } from "ethers";
import { readProvider, readRouterSet, readState } from "@yellowstone-compute/sdk/actions";
import { connect } from "@yellowstone-compute/sdk/deployment";
import { decodeError } from "@yellowstone-compute/sdk/errors";
import { parseMessage, serializeMessage } from "@yellowstone-compute/sdk/messages";
import { createCoSigner, createSignedSeqs, describeFinding } from "@yellowstone-compute/sdk/quorum";
import { parseProposal, type Proposal, type SignedSeqStore } from "@yellowstone-compute/sdk/quorum";
import { createPolicy } from "@yellowstone-compute/sdk/router";
import { createHttpTransport, createRequestVerifier, openDays } from "@yellowstone-compute/sdk/service";
import { routerKeyOf, serializeRefusal } from "@yellowstone-compute/sdk/service";
import { address, BLOCKS_PER_DAY, hash32, unixSeconds, WEI_PER_UMOR } from "@yellowstone-compute/sdk/units";

const { NODE_URL, PORT = "8646", COMPUTE = "", LENS = "", FROM_BLOCK = "0" } = process.env;
const { CO_SIGNER_KEY = "", ROUTER = "", ROUTER_URL = "" } = process.env;

const runner = new JsonRpcProvider(NODE_URL, undefined, { cacheTimeout: -1, pollingInterval: 1_000 });
const d = await connect({ runner, addresses: { compute: address(COMPUTE), lens: address(LENS) } });
const { domain, emissionStart } = d;
const key = routerKeyOf(CO_SIGNER_KEY);
const router = address(ROUTER);
const peers = new Map([[router, ROUTER_URL]]);
const transport = createHttpTransport({ key: key.requests, domain, peers, maxAnswerBytes: 2 ** 26 });

// What this co-signer goes by is its own: balances, owners and budgets from its own node, the time from its own clock.
const days = openDays(d, { fromBlock: Number(FROM_BLOCK) });
const coSigner = await createCoSigner({
  signer: key.signer,
  domain,
  emissionStart,
  set: await readRouterSet(d),
  policy: createPolicy({ accessOf: (day) => days.accessOf(day) }), // the same as the router's, or it will refuse
  balanceWei: (user, day) => days.balanceWei(user, day),
  isOwner: async (id, signer) => (await readProvider(d, id)).owner === signer,
  signedSeqs: createSignedSeqs(fileStore(), domain),
});

/** What was signed is on disk before the signature leaves: a co-signer that forgets could sign two attestations of one seq. */
function fileStore(): SignedSeqStore {
  const fileOf = (seq: bigint): string => `signed-${seq}.json`;
  return {
    async load(seq) {
      const text = await readFile(fileOf(seq), "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const { digest, deadline } = JSON.parse(text) as { digest: string; deadline: string };
      return { seq, digest: hash32(digest), deadline: unixSeconds(BigInt(deadline)) };
    },
    async save({ seq, digest, deadline }) {
      const file = await open(`${fileOf(seq)}.part`, "w");
      await file.writeFile(JSON.stringify({ digest, deadline: deadline.toString() }));
      await file.sync();
      await file.close();
      await rename(`${fileOf(seq)}.part`, fileOf(seq));
    },
  };
}

let accepted = 0n; // last attestation on chain whose making is known here
/** Review the router's new blocks, then take in which attestations the chain has accepted. */
async function followRouter(): Promise<void> {
  const signal = AbortSignal.timeout(5_000);
  for (;;) {
    const height = coSigner.heightOf(router);
    for (const evidence of await transport.fetchBlocks(router, height, signal)) {
      await days.prepare(evidence.block.value.height / BigInt(BLOCKS_PER_DAY));
      const review = await coSigner.takeBlock(evidence);
      for (const finding of review?.findings ?? []) console.log(`not signed: ${describeFinding(finding)}`);
      if (review !== undefined && review.findings.length > 0) return;
    }
    if (coSigner.heightOf(router) === height) break;
  }
  const { lastSeq } = (await readState(d)).head;
  for (; accepted < lastSeq; accepted++) {
    const root = await d.compute.rootOf(accepted + 1n);
    const shown = await transport.fetchProposals(router, accepted + 1n, signal);
    const proposal = shown.find(({ attestation }) => attestation.newRoot === root);
    if (proposal === undefined) return; // asked again next time
    coSigner.accepted(proposal);
  }
}

async function coSign(proposal: Proposal): Promise<object> {
  await followRouter();
  const { head, pool } = await readState(d);
  const answer = await coSigner.coSign(proposal, {
    head,
    allowanceUMor: pool.allowanceWei / WEI_PER_UMOR,
    providerCount: head.providerCount,
    chainAt: head.timestamp,
    at: BigInt(Math.floor(Date.now() / 1_000)),
  });
  if ("status" in answer) {
    for (const finding of answer.findings) console.log(`refused: ${describeFinding(finding)}`);
    return serializeRefusal(answer);
  }
  console.log(`signed attestation ${answer.value.seq}`);
  return serializeMessage(answer);
}

// Requests of the other routers carry a signature, which holds once, for this router, within the window.
const verifier = createRequestVerifier({ domain, windowMs: 30_000 });

async function answer(request: IncomingMessage, body: Buffer): Promise<object | undefined> {
  const { method = "GET", url: path = "/" } = request;
  const nowMs = BigInt(Date.now());
  const parts = { method, path, body, to: key.signer.address };
  verifier.verify(parts, request.headers, nowMs, (caller) => caller === router);
  const json = body.length === 0 ? undefined : (JSON.parse(body.toString()) as Record<string, unknown>);
  if (path.startsWith("/v1/quorum/signatures")) return coSign(parseProposal(json));
  if (path.startsWith("/v1/quorum/blocks")) return { blocks: [] }; // it serves no users
  if (path.startsWith("/v1/quorum/proposals")) return { proposals: [] };
  // A bid that this co-signer has heard of may not be passed over for long.
  if (json?.["kind"] === "bid") await coSigner.noteBid(parseMessage("Bid", json["bid"]), nowMs);
  return undefined;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    answer(request, Buffer.concat(chunks)).then(
      (json) => response.writeHead(json === undefined ? 204 : 200).end(json && JSON.stringify(json)),
      (error: unknown) => response.writeHead(400).end(JSON.stringify(decodeError(error))),
    );
  });
});
server.listen(Number(PORT), "127.0.0.1", () => console.log(`co-signer ${key.signer.address} serves`));

const following = setInterval(() => void followRouter().catch(() => undefined), 2_000);
process.once("SIGTERM", () => {
  clearInterval(following);
  server.close();
  server.closeAllConnections();
  runner.destroy();
});
