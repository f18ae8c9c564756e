// A router that lies, in a process of its own: `tsx liar.ts CHAIN_ID COMPUTE PORT PEER_URL...`, its key in LIAR_KEY.
// It shows blocks that credit more than anyone delivered, signs what nobody asked it to, and asks the others to sign an
// attestation of its own. What they answer goes to stdout, line by line.
import { createServer } from "node:http";
import { writeSync } from "node:fs";
import { buildBlock } from "@yellowstone-compute/sdk/ledger";
import { createDomain, serializeMessage, signMessage } from "@yellowstone-compute/sdk/messages";
import { parseProposal, serializeEvidence } from "@yellowstone-compute/sdk/quorum";
import { routerKeyOf, signRequest } from "@yellowstone-compute/sdk/service";
import { address, hash32, providerId, uMor, wei, ZERO_HASH } from "@yellowstone-compute/sdk/units";

/** The life of the liar. */
function lie(): void {
  const [chainId = "0", compute = "", port = "0", ...peers] = process.argv.slice(2);
  const { signer, requests } = routerKeyOf(process.env["LIAR_KEY"] ?? "");
  const domain = createDomain(BigInt(chainId), compute);
  const say = (text: string): void => void writeSync(1, `${text}\n`);

  /** A block with a credit for a report that nobody made. */
  async function falseBlock(height: bigint, previousHash: string) {
    const report = {
      reportHash: hash32(`0x${"ab".repeat(32)}`),
      providerId: providerId(2),
      creditWei: wei(10n ** 18n),
    };
    const value = buildBlock(signer.address, height, hash32(previousHash), [report]);
    return { block: await signMessage(signer, "InferenceBlock", value, domain), steps: [] };
  }

  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void answer(request.url ?? "", Buffer.concat(chunks).toString()).then((json) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify(json));
      });
    });
  }).listen(Number(port), "127.0.0.1", () => say("lies"));

  async function answer(url: string, body: string): Promise<object> {
    if (url.startsWith("/v1/quorum/blocks")) {
      const from = BigInt(new URL(url, "http://liar").searchParams.get("from") ?? "0");
      return { blocks: [serializeEvidence(await falseBlock(from + 3n, ZERO_HASH))] };
    }
    if (url.startsWith("/v1/quorum/signatures")) {
      // It signs another sum than the one it was asked for.
      const { attestation } = parseProposal(JSON.parse(body));
      say("asked");
      return serializeMessage(await signMessage(signer, "Attestation", { ...attestation, credited: uMor(1n) }, domain));
    }
    return {};
  }

  /** Ask a router to sign an attestation that pays the liar's friend. */
  async function propose(url: string, to: string, attestation: unknown): Promise<string> {
    const body = JSON.stringify({ attestation, through: [], paidCount: 0, debits: [] });
    const path = "/v1/quorum/signatures";
    const parts = { method: "POST", path, body: new TextEncoder().encode(body), to: address(to) };
    const headers = signRequest(requests, domain, parts, BigInt(Date.now()));
    const init = { method: "POST", headers: { ...headers, "content-type": "application/json" }, body };
    return (await (await fetch(`${url}${path}`, init)).text()).replaceAll("\n", " ");
  }

  process.stdin.on("data", (chunk: Buffer) => {
    const { routers, attestation } = JSON.parse(chunk.toString()) as { routers: string[]; attestation: unknown };
    for (const [i, url] of peers.entries()) {
      void propose(url, routers[i] ?? "", attestation).then((text) => say(`answer ${i} ${text}`));
    }
  });
}

// A test runner that loads every file of the folder does not start one.
if (process.argv[1] === import.meta.filename) lie();
