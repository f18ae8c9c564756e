import { createFailureRecord, createRfcQueue, type ArrivedRfc, type Standing } from "../market/index.js";
import { createQualityGate, type Sample } from "../quality/index.js";
import type { RouterPolicy } from "../router/policy.js";
import { bidKey } from "../router/bids.js";
import type { VerifiedBid } from "../router/outcomes.js";
import type { OpenMatch, RouterState, WaitingRfc } from "../router/state.js";
import type { ModelId, ProviderId } from "../units/index.js";
import type { ByteReader, ByteWriter } from "./bytes.js";
import { readSigned, readValue, writeSigned, writeValue } from "./messageCodec.js";

/** Write bids, the queue, open matches and used nonces. */
export function writeRequests(out: ByteWriter, state: RouterState): void {
  out.list([...state.bids.values()], (bid) => writeBid(out, bid));
  out.list(state.bidsAhead.entries(), ({ value }) => writeBid(out, value));
  const { arrivals, lines } = state.queue.snapshot();
  out.count(arrivals);
  out.list(lines, (line) => {
    out.list(line, ({ rfc, arrival }) => {
      out.count(arrival);
      writeWaiting(out, rfc);
    });
  });
  out.list(state.matches.entries(), ({ value }) => writeMatch(out, state, value));
  out.list(state.nonces.entries(), ({ key, value }) => {
    const [user = "", nonce = ""] = key.split(":");
    out.fixed(user, 20);
    out.uint(BigInt(nonce));
    out.uint(value);
  });
}

/** Read them into a fresh state, whose heaps it fills. @throws JournalDamaged */
export function readRequests(from: ByteReader, fresh: RouterState): Pick<RouterState, "queue"> {
  for (const bid of from.list(() => readBid(from))) fresh.bids.set(keyOf(bid), bid);
  for (const bid of from.list(() => readBid(from))) fresh.bidsAhead.set(keyOf(bid), bid);
  const arrivals = from.count();
  const lines = from.list(() =>
    from.list((): ArrivedRfc<WaitingRfc> => ({ arrival: from.count(), rfc: readWaiting(from) })),
  );
  for (const match of from.list(() => readMatch(from, fresh))) {
    fresh.matches.set(match.matchHash, match);
    fresh.matchOf.set(match.waiting.rfcHash, match.matchHash);
  }
  from.list(() => fresh.nonces.set(`${from.address().toLowerCase()}:${from.uint()}`, from.uint()));
  return { queue: createRfcQueue({ arrivals, lines }) };
}

/** Write the standings of providers and the samples of gates. */
export function writeQuality(out: ByteWriter, { failures, gates }: RouterState): void {
  out.list(failures.snapshot(), ([key, { recent, strikes, passedOverUntil }]) => {
    out.text(key);
    out.list(recent, (failed) => out.bool(failed));
    out.count(strikes);
    out.uint(passedOverUntil);
  });
  out.list([...gates], ([modelId, gate]) => {
    out.fixed(modelId, 32);
    out.list(gate.samples(), ({ nsPerT, user }) => {
      out.uint(nsPerT);
      out.text(user ?? "");
    });
  });
}

/** Read them. @throws JournalDamaged */
export function readQuality(from: ByteReader, policy: RouterPolicy): Pick<RouterState, "failures" | "gates"> {
  const standings = from.list((): [string, Standing] => [
    from.text(),
    { recent: from.list(() => from.bool()), strikes: from.count(), passedOverUntil: from.uint() },
  ]);
  const gates = from.list(() => {
    const modelId = from.hash() as ModelId;
    const samples = from.list((): Sample => {
      const [nsPerT, user] = [from.uint(), from.text()];
      return { nsPerT, user: user === "" ? undefined : user };
    });
    return [modelId, createQualityGate({ ...policy.gate, samples })] as const;
  });
  return { failures: createFailureRecord(policy.failures, standings), gates: new Map(gates) };
}

function writeBid(out: ByteWriter, { signed, hash }: VerifiedBid): void {
  writeSigned(out, signed);
  out.fixed(hash, 32);
}

function readBid(from: ByteReader): VerifiedBid {
  const signed = readSigned(from, "Bid");
  return { signed, value: signed.value, hash: from.hash() };
}

function keyOf({ value }: VerifiedBid): string {
  return bidKey(value.modelId, value.providerId);
}

function writeWaiting(out: ByteWriter, { rfcHash, balanceWei, rfc, day, tried }: WaitingRfc): void {
  out.fixed(rfcHash, 32);
  out.uint(balanceWei);
  out.uint(day);
  writeValue(out, "Rfc", rfc);
  out.list([...tried], (provider) => out.uint(provider));
}

function readWaiting(from: ByteReader): WaitingRfc {
  const [rfcHash, balanceWei, day] = [from.hash(), from.uint(), from.uint()] as const;
  const rfc = readValue(from, "Rfc");
  const tried = new Set(from.list(() => from.uint() as ProviderId));
  return { rfcHash, modelId: rfc.modelId, balanceWei, deadlineAt: rfc.deadlineAt, rfc, day, tried };
}

/** The bid of a match is left out while it is the one that stands. */
function writeMatch(out: ByteWriter, { bids }: RouterState, { matchHash, value, waiting, bid }: OpenMatch): void {
  out.fixed(matchHash, 32);
  writeValue(out, "Match", value);
  writeWaiting(out, waiting);
  const stands = bids.get(bidKey(value.modelId, value.providerId))?.hash === value.bidHash;
  out.bool(stands);
  if (!stands) writeSigned(out, bid);
}

function readMatch(from: ByteReader, { bids }: RouterState): OpenMatch {
  const [matchHash, value, waiting] = [from.hash(), readValue(from, "Match"), readWaiting(from)] as const;
  const standing = from.bool() ? bids.get(bidKey(value.modelId, value.providerId))?.signed : readSigned(from, "Bid");
  if (standing === undefined) throw from.damaged("a match is without its bid");
  return { matchHash, value, waiting, bid: standing };
}
