import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { YellowstoneError } from "../../errors/base.js";
import { BodyTooLarge, RateLimited, RequestInvalid, RouterNotReady, ServiceFailed } from "../../errors/service.js";
import { failureOf, type ServiceLog } from "../log.js";

/** Status of each failure that is not 422. */
const STATUS: Readonly<Record<string, number>> = {
  InvalidField: 400,
  RequestInvalid: 400,
  RequestUnauthenticated: 401,
  SignatureLength: 401,
  SignatureMalleable: 401,
  SignatureRecoveryByte: 401,
  InvalidSignature: 401,
  SignerMismatch: 401,
  ContractSignatureRefused: 401,
  QuotaExceeded: 403,
  BidMissing: 404,
  MatchUnknown: 404,
  ReportOutsideTree: 404,
  RegistryProviderUnknown: 404,
  ResourceUnknown: 404,
  RfcUnmatched: 404,
  RfcReplayed: 409,
  SeqAlreadySigned: 409,
  StaleBid: 409,
  BodyTooLarge: 413,
  WrongRouter: 421,
  RateLimited: 429,
  ServiceFailed: 500,
  AccessUnknown: 503,
  DayNotBegun: 503,
  QueueFull: 503,
  RouterNotReady: 503,
  SigningFailed: 503,
  VerifierFailed: 503,
};
const UNPROCESSABLE = 422;
const RETRY_SECONDS = 2;

/** Status that a typed failure is answered with. */
export function statusOf(failure: YellowstoneError): number {
  return STATUS[failure.code] ?? UNPROCESSABLE;
}

/**
 * Say a failure in the words that a caller may hear: typed ones as they are; what concerns the router's own files, chain or code
 * without its particulars, which go to the log.
 */
export function outwardFailure(error: unknown, requestId: string, maxBytes: number): YellowstoneError {
  if (error instanceof YellowstoneError) {
    if (/^(Journal|Archive)/.test(error.code)) return new RouterNotReady(["its journal takes nothing now"]);
    if (/^(ChainRequestFailed|HistoryMissing)$/.test(error.code))
      return new RouterNotReady(["its chain does not answer"]);
    return error as YellowstoneError;
  }
  const { code, statusCode, validation, message } = error as Partial<FastifyError>;
  const invalid = validation?.[0];
  if (invalid !== undefined) {
    return new RequestInvalid(
      `${invalid.instancePath || "it"} ${invalid.message ?? "is not as described"}`.slice(0, 300),
    );
  }
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new BodyTooLarge(maxBytes);
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return new RequestInvalid("its content type is not application/json");
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new RequestInvalid(code?.startsWith("FST_") === true ? (message ?? "malformed") : "its body is not JSON");
  }
  return new ServiceFailed(requestId, error);
}

/** Answer a request with a failure. */
export async function answerFailure(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: ServiceLog,
): Promise<void> {
  const failure = outwardFailure(error, request.id, request.routeOptions.bodyLimit);
  const status = statusOf(failure);
  if (status === 500 || status === 503) {
    log[status === 500 ? "error" : "debug"](
      { request: request.id, route: request.routeOptions.url, ...failureOf(error) },
      "request failed",
    );
  }
  if (failure instanceof RateLimited) reply.header("retry-after", failure.data.retryAfterSeconds);
  else if (status === 503) reply.header("retry-after", RETRY_SECONDS);
  await reply.code(status).send(failure.toJSON());
}
