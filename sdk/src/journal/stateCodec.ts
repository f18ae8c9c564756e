import { keccak256Hex } from "../crypto/index.js";
import { OUTCOMES } from "../router/outcomes.js";
import type { RouterPolicy } from "../router/policy.js";
import { createRouterState, type RouterState } from "../router/state.js";
import type { Hash32 } from "../units/index.js";
import { readBook, readMeter, writeBook, writeMeter } from "./booksCodec.js";
import { ByteReader, ByteWriter } from "./bytes.js";
import { readCredits, writeCredits } from "./creditsCodec.js";
import { readQuality, readRequests, writeQuality, writeRequests } from "./requestsCodec.js";

/** Write a whole state. States that came about by the same inputs give the same bytes. */
export function writeState(state: RouterState): Uint8Array {
  const out = new ByteWriter();
  out.uint(state.emissionStart);
  out.uint(state.latestMs);
  for (const outcome of OUTCOMES) out.count(state.counts[outcome]);
  writeBook(out, state);
  writeMeter(out, state);
  writeRequests(out, state);
  writeQuality(out, state);
  writeCredits(out, state);
  return out.take();
}

/** Read a state; its book and gates take their settings from the policy. @throws JournalDamaged */
export function readState(bytes: Uint8Array, policy: RouterPolicy, position: number): RouterState {
  const from = new ByteReader(bytes, position);
  const fresh = createRouterState(policy, from.uint());
  fresh.latestMs = from.uint();
  for (const outcome of OUTCOMES) fresh.counts[outcome] = from.count();
  const book = readBook(from, policy);
  const meter = readMeter(from);
  const requests = readRequests(from, fresh);
  const state = { ...fresh, book, meter, ...requests, ...readQuality(from, policy), ...readCredits(from) };
  if (!from.isAtEnd) throw from.damaged("the state is followed by something else");
  return state;
}

/** Digest of all a router knows: the same for a router and for what its journal replays to. */
export function stateDigest(state: RouterState): Hash32 {
  return keccak256Hex(writeState(state));
}
