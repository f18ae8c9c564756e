import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { id } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { textOf } from "../../utils/face.js";
import { deployWithProviders, ethers } from "../actions/fixture.js";
import { serveChain, type Served } from "./served.js";
import { failureOf, jsonOf, runHere, SENDER_KEY } from "./yellowstone.js";

describe("command line: a bid", function () {
  this.timeout(60_000);
  const taken: unknown[] = [];
  let status = 200;
  let server: Server;
  let node: Served;
  let suite: Awaited<ReturnType<typeof deployWithProviders>>;
  let env: Record<string, string>;

  before(async () => {
    suite = await deployWithProviders(1);
    node = await serveChain(ethers.provider);
    server = createServer((request, response) => {
      void textOf(request).then((text) => {
        taken.push([request.url, JSON.parse(text)]);
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify({ message: "the sequence is old", next: "Use a greater one." }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { compute, lens } = suite.d.addresses;
    env = {
      YELLOWSTONE_RPC: node.url,
      YELLOWSTONE_COMPUTE: compute,
      YELLOWSTONE_LENS: lens,
      YELLOWSTONE_KEY: SENDER_KEY,
      YELLOWSTONE_ROUTER: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    };
  });
  beforeEach(() => {
    taken.splice(0);
    status = 200;
  });
  after(async () => {
    server.close();
    await node.close();
  });

  const args = [
    "provider",
    "bid",
    "--id",
    "0",
    "--model",
    id("m"),
    "--price",
    "7",
    "--endpoint",
    "https://p.example/v1",
  ];

  it("is shown without a key, and handed to nobody", async () => {
    const keyless = { ...env, YELLOWSTONE_KEY: "" };
    const { code, out } = await runHere([...args, "--dry-run", "--capacity", "3"], keyless);
    expect([code, taken]).to.deep.equal([EXIT.done, []]);
    expect(out)
      .to.include("7 wei of MOR a token")
      .and.match(/capacity +3/)
      .and.include("nothing was signed");
    expect((await runHere([...args, "--yes"], keyless)).err).to.include("no key is named");
  });

  it("is signed by the owner and handed to the router that is named", async () => {
    const before = BigInt(Date.now());
    const json = jsonOf(await runHere([...args, "--yes", "--json", "--hours", "2"], env));
    const [[path, handed]] = taken as [[string, unknown]];
    expect(path).to.equal("/v1/bids");
    expect(json["bid"]).to.deep.equal(handed);
    const bid = sdk.parseMessage("Bid", handed);
    expect(json["bidHash"]).to.equal(sdk.hashMessage("Bid", bid.value, suite.d.domain));
    expect(await sdk.verifyMessage(bid, suite.d.domain, bid.value.validFromAt)).to.equal(suite.sender.address);
    expect(bid.value).to.include({ priceWei: 7n, capacity: 1, endpoint: "https://p.example/v1" });
    expect(bid.value.expiresAt - bid.value.validFromAt).to.equal(7_200n);
    expect(bid.value.sequence >= before, "the present moment").to.equal(true);
    const router = env["YELLOWSTONE_ROUTER"] ?? "";
    const named = await runHere([...args, "--yes", "--sequence", "9", "--router", router], {
      ...env,
      YELLOWSTONE_ROUTER: "",
    });
    expect(named.out).to.include("the router has taken bid 0x");
    expect((taken[1] as [string, { value: object }])[1].value).to.include({ sequence: "9" });
  });

  it("is signed only when that was agreed, and to a router", async () => {
    expect((await runHere(args, env)).code).to.equal(EXIT.unconfirmed);
    const nowhere = await runHere([...args, "--yes"], { ...env, YELLOWSTONE_ROUTER: "" });
    expect([nowhere.code, nowhere.err]).to.deep.equal([EXIT.usage, nowhere.err]);
    expect(nowhere.err).to.include("--router: expected an http or https URL");
    expect(taken).to.deep.equal([]);
  });

  it("fails with the router's own reason", async () => {
    status = 409;
    const failure = failureOf(await runHere([...args, "--yes", "--json"], env), EXIT.failed);
    expect(failure["message"]).to.include("409").and.include("the sequence is old Use a greater one.");
  });
});
