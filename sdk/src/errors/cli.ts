import { YellowstoneError } from "./base.js";

/** Something of value was to be sent or signed, nobody was there to be asked, and the command line does not agree to it. */
export class ConfirmationMissing extends YellowstoneError<{ what: string }> {
  constructor(what: string) {
    super(`not confirmed: ${what}`, {
      code: "ConfirmationMissing",
      data: { what },
      next: "Look at it with --dry-run, then agree with --yes, or run the command on a terminal and answer its question.",
      retry: "no",
    });
  }
}

/** A signer outside of this process did not do what it was asked. */
export class ExternalSignerFailed extends YellowstoneError<{ method: string; reason: string }> {
  constructor(method: string, reason: string, cause?: unknown) {
    super(`external signer: ${method}: ${reason}`, {
      code: "ExternalSignerFailed",
      data: { method, reason },
      next: "Check that the signer runs, has the account and takes this method.",
      retry: "no",
      cause,
    });
  }
}

/** A router answered a request with a refusal, or with something that is no answer. */
export class RouterAnswered extends YellowstoneError<{ status: number; reason: string }> {
  constructor(status: number, reason: string) {
    const isLater = status >= 500 || status === 429;
    super(`router: status ${status}: ${reason.slice(0, 300)}`, {
      code: "RouterAnswered",
      data: { status, reason: reason.slice(0, 300) },
      next: isLater ? "Ask again in some seconds, or ask another router." : "Mend what the reason names.",
      retry: isLater ? "later" : "no",
    });
  }
}

/** A router cannot be reached. */
export class RouterUnreachable extends YellowstoneError<{ reason: string }> {
  constructor(reason: string, cause?: unknown) {
    super(`no router answers: ${reason}`, {
      code: "RouterUnreachable",
      data: { reason },
      next: "Check the router's URL and that it runs.",
      retry: "later",
      cause,
    });
  }
}
