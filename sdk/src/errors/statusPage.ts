import { YellowstoneError } from "./base.js";

/** Another program listens at this port already. */
export class PortInUse extends YellowstoneError<{ host: string; port: number }> {
  constructor(host: string, port: number, cause?: unknown) {
    super(`port ${port} of ${host} is in use`, {
      code: "PortInUse",
      data: { host, port },
      next: "Name another port, or 0 for any that is free.",
      retry: "later",
      cause,
    });
  }
}

/** The system does not let this process listen there: a name that is not this machine's, or a port it may not use. */
export class ListenFailed extends YellowstoneError<{ host: string; port: number; reason: string }> {
  constructor(host: string, port: number, reason: string, cause?: unknown) {
    super(`cannot listen at port ${port} of ${host}: ${reason}`, {
      code: "ListenFailed",
      data: { host, port, reason },
      next: "Name an address of this machine and a port from 1024 on.",
      retry: "no",
      cause,
    });
  }
}
