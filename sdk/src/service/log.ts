/// <reference types="node" />
import { pino, type DestinationStream, type Logger } from "pino";
import { YellowstoneError } from "../errors/base.js";
import type { LogLevel } from "./config/config.js";

/** Where a service says what it does: one JSON object a line. */
export type ServiceLog = Pick<Logger, "debug" | "info" | "warn" | "error" | "fatal">;

/** Fields that are never written, wherever they stand: bodies, headers and what could be a secret. */
const REDACTED = [
  "key",
  "privateKey",
  "password",
  "signature",
  "authorization",
  "headers",
  "body",
  "rpcUrl",
  "mnemonic",
  "secret",
  "prompt",
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Create the log of a service, to standard output when `to` is left out. */
export function createLog(level: LogLevel, to?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: "yellowstone-router" },
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    redact: { paths: REDACTED, censor: "[redacted]" },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return to === undefined ? pino(options) : pino(options, to);
}

/** What is logged of a failure: a typed one as it says of itself, of any other its kind and its words. */
export function failureOf(error: unknown): Record<string, unknown> {
  if (error instanceof YellowstoneError) {
    const { code, message, next, retry } = error.toJSON();
    const { cause } = error;
    return { code, message, next, retry, ...(cause === undefined ? {} : { cause: wordsOf(cause) }) };
  }
  return { code: "Unexpected", message: wordsOf(error) };
}

/** The words of any error, without URLs: a node's address may hold its access token. */
export function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\b(?:https?|wss?):\/\/\S+/g, "[url]").slice(0, 500);
}
