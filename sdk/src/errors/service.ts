import { YellowstoneError } from "./base.js";
import { describeValue } from "./describeValue.js";

/** A field of a configuration file does not have the required form. `path` names it, as in `quorum.cadenceBlocks`. */
export class ConfigInvalid extends YellowstoneError<{ path: string; expected: string; actual: string }> {
  constructor(path: string, expected: string, actual: unknown, cause?: unknown) {
    const found = describeValue(actual);
    super(`configuration: ${path}: expected ${expected}, got ${found}`, {
      code: "ConfigInvalid",
      data: { path, expected, actual: found },
      next: `Correct ${path} in the configuration file.`,
      retry: "no",
      cause,
    });
  }
}

/** A key cannot be loaded from where the configuration says it is. Says where, and nothing of what is there. */
export class KeyUnavailable extends YellowstoneError<{ source: string; reason: string }> {
  constructor(source: string, reason: string) {
    super(`key from ${source}: ${reason}`, {
      code: "KeyUnavailable",
      data: { source, reason },
      next: "Set the environment variable, or name a keystore file and the variable that holds its password.",
      retry: "no",
    });
  }
}

/** A request is not what its route takes: not JSON, a field too many or too few, or of another type. */
export class RequestInvalid extends YellowstoneError<{ reason: string }> {
  constructor(reason: string) {
    super(`request: ${reason}`, {
      code: "RequestInvalid",
      data: { reason },
      next: "Send JSON as the route's description says.",
      retry: "no",
    });
  }
}

/** The body of a request or an answer is larger than its bound. */
export class BodyTooLarge extends YellowstoneError<{ maxBytes: number }> {
  constructor(maxBytes: number) {
    super(`body: more than ${maxBytes} bytes`, {
      code: "BodyTooLarge",
      data: { maxBytes },
      next: "Send less at once.",
      retry: "no",
    });
  }
}

/** A caller sends more requests than the router takes from one. */
export class RateLimited extends YellowstoneError<{ retryAfterSeconds: number }> {
  constructor(retryAfterSeconds: number) {
    super(`too many requests; go on in ${retryAfterSeconds} s`, {
      code: "RateLimited",
      data: { retryAfterSeconds },
      next: `Wait ${retryAfterSeconds} seconds, then send the request again.`,
      retry: "later",
    });
  }
}

/** A request that needs a signature has none that holds. */
export class RequestUnauthenticated extends YellowstoneError<{ reason: string }> {
  constructor(reason: string) {
    super(`request: not authenticated: ${reason}`, {
      code: "RequestUnauthenticated",
      data: { reason },
      next: "Sign the request with `signRequest`, anew for each one, and set the clock by network time.",
      retry: "no",
    });
  }
}

/** There is nothing under this name: never made, or forgotten after its retention. */
export class ResourceUnknown extends YellowstoneError<{ resource: string }> {
  constructor(resource: string) {
    super(`${resource}: not known`, {
      code: "ResourceUnknown",
      data: { resource },
      next: "Check the name, or ask a router that keeps its history for longer.",
      retry: "later",
    });
  }
}

/** The router is not ready: it starts, stops, or cannot reach its chain. */
export class RouterNotReady extends YellowstoneError<{ reasons: readonly string[] }> {
  constructor(reasons: readonly string[]) {
    super(`router: not ready: ${reasons.join("; ")}`, {
      code: "RouterNotReady",
      data: { reasons },
      next: "Send the request again in some seconds.",
      retry: "later",
    });
  }
}

/** Something failed that is no fault of the caller. What it was stands in the router's log, not in the answer. */
export class ServiceFailed extends YellowstoneError<{ requestId: string }> {
  constructor(requestId: string, cause?: unknown) {
    super(`router: request ${requestId} failed`, {
      code: "ServiceFailed",
      data: { requestId },
      next: "Send the request again; tell the operator the number of the request when it fails again.",
      retry: "later",
      cause,
    });
  }
}

/** The evidence of a router cannot be continued: its archive is missing, damaged, or of another journal. */
export class ArchiveInvalid extends YellowstoneError<{ path: string; reason: string }> {
  constructor(path: string, reason: string, cause?: unknown) {
    super(`archive ${path}: ${reason}`, {
      code: "ArchiveInvalid",
      data: { path, reason },
      next: "Restore journal and archive together from one copy; without it co-signers cannot follow this router.",
      retry: "no",
      cause,
    });
  }
}

/** The endpoint of a provider is no address this router may probe. */
export class EndpointRefused extends YellowstoneError<{ endpoint: string; reason: string }> {
  constructor(endpoint: string, reason: string) {
    super(`endpoint ${endpoint.slice(0, 200)}: ${reason}`, {
      code: "EndpointRefused",
      data: { endpoint: endpoint.slice(0, 200), reason },
      next: "Bid with a public http or https URL without credentials.",
      retry: "no",
    });
  }
}

/** A command line that no command can be made of. */
export class CommandLineInvalid extends YellowstoneError<{ reason: string }> {
  constructor(reason: string) {
    super(`command line: ${reason}`, {
      code: "CommandLineInvalid",
      data: { reason },
      next: "Read `yellowstone --help`.",
      retry: "no",
    });
  }
}
