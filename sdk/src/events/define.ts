import { Interface, type JsonFragment, type Result } from "ethers";
import { EventMissing } from "../errors/chain.js";
import type { Address, Hash32 } from "../units/brands.js";
import { hash32 } from "../units/identities.js";

/** A log as ethers and nodes give it. */
export interface EventLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** What is read of a receipt. */
export interface EventReceipt {
  readonly hash: string;
  readonly logs: readonly EventLog[];
}

/** Reads one kind of event. Pure: logs in, values out. */
export interface EventDecoder<Value> {
  readonly name: string;
  /** First topic of its logs. */
  readonly topic: Hash32;
  /** Which contract of a deployment emits it. */
  readonly emitter: "compute" | "bootstrap" | "registry" | "routers" | "authority";
  /** Read a log; undefined for a log of another event. Does not look at the emitter. */
  decode(log: EventLog): Value | undefined;
  /** Read all events of this kind that `emitter` left in a receipt, in order. */
  all(receipt: EventReceipt, emitter: Address): Value[];
  /** Read the first one. @throws EventMissing */
  first(receipt: EventReceipt, emitter: Address): Value;
}

/** Make the decoder of an event of an ABI. `shape` gives its arguments their types. */
export function defineEvent<Value>(
  emitter: EventDecoder<Value>["emitter"],
  abi: readonly JsonFragment[],
  name: string,
  shape: (args: Result) => Value,
): EventDecoder<Value> {
  // The ABI is a constant of this package: the event is there. Reading all of the ABI for each would double the import.
  const events = new Interface(abi.filter((entry) => entry.type === "event" && entry.name === name));
  const topic = hash32(events.getEvent(name)?.topicHash ?? "", name);
  const decode = (log: EventLog) =>
    log.topics[0] === topic ? shape(events.decodeEventLog(name, log.data, log.topics)) : undefined;
  const all = (receipt: EventReceipt, by: Address) =>
    receipt.logs.flatMap((log) => {
      const value = log.address.toLowerCase() === by.toLowerCase() ? decode(log) : undefined;
      return value === undefined ? [] : [value];
    });
  const first = (receipt: EventReceipt, by: Address) => {
    const [value] = all(receipt, by);
    if (value === undefined) throw new EventMissing(name, receipt.hash, by);
    return value;
  };
  return Object.freeze({ name, topic, emitter, decode, all, first });
}
