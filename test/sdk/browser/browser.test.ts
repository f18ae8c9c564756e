import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { id, Wallet } from "ethers";
import { address, approveBond, LedgerTree, postAttestation, registerProvider, wei } from "@yellowstone-compute/sdk";
import { bundleForBrowser } from "../../../scripts/checks/bundle.js";
import { textOf } from "../../utils/face.js";
import { ACTIVATION_DELAY, attestationOf, BOND_WEI, deploySuite, ethers, metadata } from "../actions/fixture.js";
import { networkHelpers, payoutOf } from "../actions/fixture.js";
import { findChromium, openPage } from "./chromium.js";
import type { PageArguments, PageResult } from "./page.js";

const KEY = id("a page's key");
const DUE = [3_000_000n, 5_000_000n];

/** Two providers with credits that can be claimed, and a key that has ether. */
async function credited() {
  const { d, sender, addresses, token } = await deploySuite();
  await approveBond.sendAndWait(d, { bondWei: wei(2n * BOND_WEI) });
  for (const i of [0, 1]) {
    const owner = address(sender.address);
    await registerProvider.sendAndWait(d, { owner, payout: payoutOf(i), bondWei: wei(BOND_WEI), metadata });
  }
  const deltas = new Map(DUE.map((amount, i) => [i, amount]));
  await postAttestation.sendAndWait(d, (await attestationOf(d, LedgerTree.empty(), deltas)).post);
  await networkHelpers.time.increase(ACTIVATION_DELAY);
  await sender.sendTransaction({ to: new Wallet(KEY).address, value: 10n ** 18n });
  return { addresses, token };
}

describe("browser", function () {
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), "browser-"));
  let server: Server;
  let url = "";
  let code = "";
  let page: PageArguments;
  let token: Awaited<ReturnType<typeof credited>>["token"];
  let done: (result: unknown) => void = () => undefined;

  /** A web server with the page, its module, a node of the chain, and a place for what it finds. */
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const send = (type: string, text: string) => void response.writeHead(200, { "content-type": type }).end(text);
    if (request.url === "/page.js") return send("text/javascript", code);
    if (request.url === "/done") return void (done(JSON.parse(body)), send("text/plain", ""));
    if (request.url !== "/rpc") return send("text/html", pageFor(page));
    const call = JSON.parse(body) as { id: number; method: string; params: unknown[] };
    const reply = await ethers.provider.send(call.method, call.params).then(
      (result: unknown) => ({ result }),
      (error: unknown) => ({ error: { code: -32_000, message: String(error) } }),
    );
    send("application/json", JSON.stringify({ jsonrpc: "2.0", id: call.id, ...reply }));
  }

  before(async () => {
    const contents = `export { run } from "./page.ts";`;
    ({ code } = await bundleForBrowser({ contents, resolveDir: import.meta.dirname }));
    server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const suite = await credited();
    token = suite.token;
    page = { url: `${url}/rpc`, key: KEY, addresses: suite.addresses, id: 0 };
  });

  after(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The page has claimed for a provider what is due to it, and its signature holds. */
  async function expectClaimed(result: unknown, i: number): Promise<void> {
    const signedBy = new Wallet(KEY).address;
    const expected: PageResult = { paidUMor: String(DUE[i]), signedBy, ofNode: [] };
    expect(result).to.deep.equal(expected);
    expect(await token.balanceOf(payoutOf(i))).to.equal((DUE[i] ?? 0n) * 10n ** 12n);
  }

  it("claims and signs in a context that has nothing of Node", async () => {
    const file = join(folder, "page.js");
    writeFileSync(file, code);
    const args = ["--experimental-vm-modules", "--no-warnings", join(import.meta.dirname, "vm.mjs"), file];
    const { stdout } = await promisify(execFile)(process.execPath, [...args, JSON.stringify(page)]);
    await expectClaimed(JSON.parse(stdout), 0);
  });

  it("claims and signs in Chromium", async function () {
    const chromium = findChromium();
    if (chromium === undefined) {
      console.log("      skipped: no Chromium is installed");
      this.skip();
    }
    page = { ...page, id: 1 };
    const found = new Promise<unknown>((resolve) => (done = resolve));
    const browser = openPage(chromium, url);
    const timeout = new Promise((resolve) => setTimeout(resolve, 60_000).unref());
    const result = await Promise.race([found, timeout.then(() => browser.log())]);
    await browser.close();
    await expectClaimed(result, 1);
  });
});

/** A page that runs its module and says what came of it. */
function pageFor(given: PageArguments): string {
  return `<!doctype html><title>claim</title><script type="module">
    import { run } from "/page.js";
    const result = await run(${JSON.stringify(given)}).catch((error) => String(error?.stack ?? error));
    await fetch("/done", { method: "POST", body: JSON.stringify(result) });
  </script>`;
}
