import dns from "node:dns";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import {
  createServer as createPlainServer,
  getDefaultAutoSelectFamily,
  setDefaultAutoSelectFamily,
  type AddressInfo,
  type Socket,
} from "node:net";
import { expect } from "chai";
import { createHttpLiveness } from "@yellowstone-compute/sdk/service";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe("service: liveness", () => {
  const listen = async (handler: Handler): Promise<{ url: string; server: Server }> => {
    const server = createServer(handler);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
  };

  it("takes any answer below 500 for life, and silence, refusal and failure for none", async () => {
    let status = 200;
    const { url, server } = await listen((_, response) => void (status > 0 && response.writeHead(status).end()));
    try {
      for (const [each, expected] of [
        [200, true],
        [404, true],
        [302, true],
        [500, false],
        [0, false],
      ] as const) {
        status = each;
        const liveness = createHttpLiveness({ allowPrivate: true, timeoutMs: 100 });
        expect(await liveness.isAlive(url), String(each)).to.equal(expected);
      }
    } finally {
      server.close();
      server.closeAllConnections();
    }
    expect(await createHttpLiveness({ allowPrivate: true }).isAlive(url), "nobody listens").to.equal(false);
  });

  it("probes no private address unless it may, nor what is no URL", async () => {
    let probes = 0;
    const { url, server } = await listen((_, response) => void (probes++, response.end()));
    try {
      const { port } = new URL(url);
      const liveness = createHttpLiveness();
      for (const host of ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]"]) {
        expect(await liveness.isAlive(`http://${host}:${port}/`), host).to.equal(false);
      }
      for (const endpoint of ["", "ftp://x", "http://me:pw@example.org/"]) {
        expect(await liveness.isAlive(endpoint), endpoint).to.equal(false);
      }
      expect(probes).to.equal(0);
    } finally {
      server.close();
    }
  });

  it("asks once at a time, and not again for a while", async () => {
    let probes = 0;
    const { url, server } = await listen((_, response) => void (probes++, response.end()));
    try {
      const liveness = createHttpLiveness({ allowPrivate: true, cacheMs: 10_000 });
      await Promise.all([1, 2, 3].map(() => liveness.isAlive(url)));
      await liveness.isAlive(url);
      expect(probes).to.equal(1);
    } finally {
      server.close();
    }
  });

  it("speaks TLS where the endpoint says so", async () => {
    let first: number | undefined;
    const server = createPlainServer((socket) => {
      socket.once("data", (bytes) => {
        first = bytes[0];
        socket.destroy();
      });
      socket.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const liveness = createHttpLiveness({ allowPrivate: true });
      expect(await liveness.isAlive(`https://127.0.0.1:${port}/`)).to.equal(false);
      expect(first, "a handshake record").to.equal(22);
    } finally {
      server.close();
    }
  });

  it("remembers a bounded number of endpoints, the newest", async () => {
    let probes = 0;
    const { url, server } = await listen((_, response) => void (probes++, response.end()));
    try {
      const liveness = createHttpLiveness({ allowPrivate: true, cacheMs: 60_000, maxCached: 2 });
      const asked = liveness.isAlive(url);
      expect(liveness.isAlive(url)).to.equal(asked);
      const others = ["first", "second"].map((each) => liveness.isAlive(`${url}${each}`));
      const again = liveness.isAlive(url);
      expect(again, "the oldest went first").to.not.equal(asked);
      expect(await Promise.all([asked, again])).to.deep.equal([true, true]);
      expect(liveness.isAlive(`${url}second`)).to.equal(others[1]);
      await Promise.all(others);
      expect(probes).to.equal(4);
    } finally {
      server.close();
    }
  });

  describe("of names", () => {
    const lookup = dns.lookup;
    /** Addresses that were dialled. */
    const dialled: string[] = [];
    const note = (message: unknown): void => {
      const { socket } = message as { socket: Socket };
      socket.on("connectionAttempt", (address: string) => void dialled.push(address));
    };
    const resolveTo = (answer: NodeJS.ErrnoException | readonly string[]): void => {
      const resolver = (_: string, __: object, done: (error: Error | null, found: object[]) => void): void => {
        if (answer instanceof Error) done(answer, []);
        else
          done(
            null,
            (answer as string[]).map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
          );
      };
      dns.lookup = resolver as unknown as typeof dns.lookup;
      syncBuiltinESMExports();
    };
    const isFamilySelected = getDefaultAutoSelectFamily();

    beforeEach(() => subscribe("net.client.socket", note));
    afterEach(() => {
      unsubscribe("net.client.socket", note);
      dialled.length = 0;
      dns.lookup = lookup;
      syncBuiltinESMExports();
      setDefaultAutoSelectFamily(isFamilySelected);
    });

    for (const isSelected of [true, false]) {
      it(`dials no private address that a name stands for, ${isSelected ? "of several" : "of one"}`, async () => {
        setDefaultAutoSelectFamily(isSelected);
        const liveness = createHttpLiveness({ timeoutMs: 100 });
        resolveTo(["10.0.0.1", "127.0.0.1", "fd00::1"]);
        expect(await liveness.isAlive("http://inside.example/")).to.equal(false);
        expect(dialled).to.deep.equal([]);
        // 192.0.2.0/24 is for documentation: nobody is there.
        resolveTo(["10.0.0.1", "192.0.2.7"]);
        expect(await liveness.isAlive("http://both.example/")).to.equal(false);
        expect(dialled).to.deep.equal(["192.0.2.7"]);
        resolveTo(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }));
        expect(await liveness.isAlive("http://nowhere.example/")).to.equal(false);
        expect(dialled).to.have.length(1);
      });
    }
  });
});
