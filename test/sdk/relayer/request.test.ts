import { createServer, type Server } from "node:http";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { pause, pauseOf, request } from "../../../sdk/dist/relayer/request.js";
import { relaySettings } from "../../../sdk/dist/relayer/settings.js";
import { failureOf } from "../actions/fixture.js";
import { credited, networkHelpers, relayerOf, world } from "./world.js";

const { timing } = relaySettings({}, {}, { backoffMs: 2, backoffMaxMs: 100, timeoutMs: 60, attempts: 3 });

/** A node that gives one answer to everything. */
async function node(
  status: number,
  headers: Record<string, string>,
  body = "{}",
): Promise<[string, Server, () => number]> {
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = server.address();
  return [`http://127.0.0.1:${typeof at === "object" && at !== null ? at.port : 0}`, server, () => asked];
}

async function answerTo(status: number, headers: Record<string, string>, body?: string) {
  const [url, server, asked] = await node(status, headers, body);
  const provider = sdk.relayProvider(url, 31_337, { timeoutMs: 500 });
  const failure = sdk.decodeError(await failureOf(provider.getBlockNumber()));
  provider.destroy();
  server.close();
  server.closeAllConnections();
  return { failure, asked: asked() };
}

describe("relayer: requests", () => {
  it("429 and 503 say how long to wait, in seconds or as a moment; ethers does not repeat them by itself", async () => {
    const date = "Sat, 21 Nov 2026 10:00:00 GMT";
    for (const [status, headers, retryAfterMs] of [
      [429, { "retry-after": "7" }, 7_000],
      [429, { "retry-after": "Sat, 21 Nov 2026 10:00:30 GMT", date }, 30_000],
      [429, { "retry-after": "Sat, 21 Nov 2026 09:00:30 GMT", date }, 0],
      [429, {}, undefined],
      [429, { "retry-after": "soon" }, undefined],
      [503, { "retry-after": "2" }, 2_000],
    ] as const) {
      const { failure, asked } = await answerTo(status, { ...headers });
      expect(failure).to.be.instanceOf(sdk.RequestRateLimited);
      expect((failure as sdk.RequestRateLimited).data.retryAfterMs).to.equal(retryAfterMs);
      expect(failure.retry).to.equal("later");
      expect(asked).to.equal(1);
    }
  });

  it("answers that failed or were cut off may be asked for again at once", async () => {
    for (const [status, body] of [
      [500, "{}"],
      [503, "{}"],
      [200, '{"jsonrpc":"2.0","id":1,"resu'],
      [200, ""],
    ] as const) {
      const { failure } = await answerTo(status, {}, body);
      expect(failure).to.be.instanceOf(sdk.ChainRequestFailed).and.have.property("retry", "now");
    }
    const provider = sdk.relayProvider("http://127.0.0.1:1", 31_337);
    const failure = sdk.decodeError(await failureOf(provider.getBlockNumber()));
    provider.destroy();
    expect(failure.retry, "nobody there").to.equal("now");
  });

  it("pauses double up to a bound; a longer Retry-After is honoured", () => {
    const failed = new sdk.ChainRequestFailed("x", "now");
    expect([1, 2, 3, 10].map((attempt) => pauseOf(failed, attempt, timing))).to.deep.equal([2, 4, 8, 100]);
    expect(pauseOf(new sdk.RequestRateLimited(5_000), 1, timing)).to.equal(5_000);
    expect(pauseOf(new sdk.RequestRateLimited(undefined), 3, timing)).to.equal(8);
  });

  it("are sent a bounded number of times, given up in time, and never when it cannot help", async () => {
    const failures: sdk.YellowstoneError[] = [];
    const context = {
      timing,
      signal: new AbortController().signal,
      onFailure: (each: never) => void failures.push(each),
    };
    const lost = Object.assign(new Error("connection reset"), { code: "ECONNRESET" });
    let sent = 0;
    const failed = await failureOf(request("x", context as never, () => (sent++, Promise.reject(lost))));
    expect(failed).to.have.property("retry", "now");
    expect([sent, failures.length]).to.deep.equal([3, 3]);
    sent = 0;
    const silent = await failureOf(request("x", context as never, () => (sent++, new Promise(() => undefined))));
    expect(silent).to.have.property("code", "RequestTimedOut");
    expect(sent).to.equal(3);
    sent = 0;
    const refusal = new Error("refused", { cause: { data: "0xdeadbeef" } });
    expect(await failureOf(request("x", context as never, () => (sent++, Promise.reject(refusal))))).to.have.property(
      "code",
      "UnknownContractError",
    );
    expect(sent).to.equal(1);
  });

  it("a signal ends a request, a pause, a look and a run at once", async () => {
    const stop = new AbortController();
    const context = { timing, signal: stop.signal, onFailure: () => undefined };
    const asking = failureOf(request("x", context, () => new Promise(() => undefined)));
    const waiting = failureOf(pause(60_000, stop.signal));
    stop.abort();
    for (const failure of [await asking, await waiting, await failureOf(pause(1, stop.signal))]) {
      expect(failure).to.have.property("code", "RelayAborted");
      expect(failure).to.have.property("retry", "now");
    }
    const { d } = await networkHelpers.loadFixture(world);
    const { seq, tree } = await credited(d, [1n]);
    const relayer = await relayerOf(d, { timing: { pollMs: 60_000 } });
    const id = await relayer.claim(sdk.claimFor(seq, tree, [0]));
    expect(await failureOf(relayer.advance(stop.signal))).to.be.instanceOf(sdk.RelayAborted);
    const soon = AbortSignal.timeout(60);
    const started = performance.now();
    await relayer.run(soon);
    expect(performance.now() - started).to.be.below(5_000);
    expect((await relayer.status(id)).phase, "one look was enough").to.be.oneOf(["sent", "waiting", "done"]);
  });

  it("a node of another chain is believed in nothing", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const provider = new Proxy(d.provider as unknown as JsonRpcProvider, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name === "send") {
          return (method: string, params: unknown[]) =>
            method === "eth_chainId" ? Promise.resolve("0x1") : target.send(method, params);
        }
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    const relayer = await relayerOf({ ...d, provider });
    const failure = await failureOf(relayer.advance());
    expect(failure).to.be.instanceOf(sdk.ChainChanged);
    expect((failure as sdk.ChainChanged).data).to.deep.equal({ expected: d.chainId, actual: 1n });
    await relayer.run(AbortSignal.timeout(30));
  });
});
