/// <reference types="node" />
import { lookup } from "node:dns";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { EndpointRefused } from "../errors/service.js";

/** Tells whether a provider answers, before a user is sent to it. */
export interface Liveness {
  /** Whether something answers at the endpoint of a bid in time. Never throws. */
  isAlive(endpoint: string): Promise<boolean>;
}

/** How endpoints are probed. */
export interface ProbeOptions {
  /** Milliseconds in which something must answer; 500. */
  readonly timeoutMs?: number;
  /** An endpoint that answered is not probed again for so many milliseconds; 2,000. */
  readonly cacheMs?: number;
  /** Endpoints remembered at once, the newest; 100,000. */
  readonly maxCached?: number;
  /** Whether addresses of private networks may be probed: no by default, for providers choose what the router calls. */
  readonly allowPrivate?: boolean;
}

/** Takes everybody for alive: when providers are checked by other means. */
export const assumeAlive: Liveness = Object.freeze({ isAlive: () => Promise.resolve(true) });

/**
 * Probe endpoints by a HEAD request: any HTTP answer below 500 counts, redirects are not followed, nothing of the answer is read.
 * Probes of one endpoint at the same time are one probe.
 */
export function createHttpLiveness(options: ProbeOptions = {}): Liveness {
  const { timeoutMs = 500, cacheMs = 2_000, maxCached = 100_000, allowPrivate = false } = options;
  const asked = new Map<string, { readonly answer: Promise<boolean>; readonly untilMs: number }>();
  return {
    isAlive(endpoint) {
      const now = performance.now();
      const known = asked.get(endpoint);
      if (known !== undefined && known.untilMs > now) return known.answer;
      const answer = probe(endpoint, timeoutMs, allowPrivate).catch(() => false);
      asked.delete(endpoint);
      asked.set(endpoint, { answer, untilMs: now + timeoutMs + cacheMs });
      const [oldest] = asked.keys();
      if (asked.size > maxCached && oldest !== undefined) asked.delete(oldest);
      // Silence is not remembered: the next user asks again.
      void answer.then((isAlive) => isAlive || asked.delete(endpoint));
      return answer;
    },
  };
}

/** Refuse an endpoint that is no http or https URL, or holds credentials. @throws EndpointRefused */
export function parseEndpoint(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new EndpointRefused(endpoint, "is no http or https URL");
  if (url.username !== "" || url.password !== "") throw new EndpointRefused(endpoint, "holds credentials");
  return url;
}

async function probe(endpoint: string, timeoutMs: number, allowPrivate: boolean): Promise<boolean> {
  const url = parseEndpoint(endpoint);
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  if (!allowPrivate && isIP(literal) !== 0 && isPrivate(literal)) {
    throw new EndpointRefused(endpoint, "is an address of a private network");
  }
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const request = send(url, {
      method: "HEAD",
      signal,
      agent: false,
      ...(allowPrivate ? {} : { lookup: publicOnly }),
    });
    request.on("response", (response) => {
      response.destroy();
      resolve(Number(response.statusCode) < 500);
    });
    request.on("error", () => resolve(false));
    request.end();
  });
}

/** Looks a name up and gives public addresses only: the address that is checked is the one that is called. */
const publicOnly: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const open = error === null ? found.filter(({ address }) => !isPrivate(address)) : [];
    const [first] = open;
    if (error !== null) callback(error, []);
    else if (first === undefined) callback(new EndpointRefused(hostname, "is an address of a private network"), []);
    else if (options.all === true) callback(null, open);
    else callback(null, first.address, first.family);
  });
};

const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  PRIVATE.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["::", 127],
  ["64:ff9b::", 96],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const) {
  PRIVATE.addSubnet(network, prefix, "ipv6");
}

function isPrivate(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}
