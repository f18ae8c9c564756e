import type { Deployment } from "../deployment/deployment.js";
import type { EventDecoder } from "../events/define.js";
import { read } from "./read.js";

/** An event with the block and transaction it stands in. */
export interface PlacedEvent<Value> {
  readonly value: Value;
  readonly blockNumber: number;
  readonly transactionHash: string;
}

/** Which blocks of the chain are read. */
export interface EventRange {
  /** The block of the deployment without it. */
  readonly fromBlock?: number;
  /** The latest block without it. */
  readonly toBlock?: number;
  /** Blocks asked for at once; nodes limit it. 10,000 without it. */
  readonly blocksPerRequest?: number;
}

const BLOCKS_PER_REQUEST = 10_000;

/** Read all events of a kind in order. @throws ChainRequestFailed */
export async function* readEvents<Value>(
  d: Deployment,
  event: EventDecoder<Value>,
  range: EventRange = {},
): AsyncGenerator<PlacedEvent<Value>> {
  const step = range.blocksPerRequest ?? BLOCKS_PER_REQUEST;
  const end = range.toBlock ?? (await read(() => d.provider.getBlockNumber()));
  const address = d.addresses[event.emitter];
  for (let fromBlock = range.fromBlock ?? d.deployedInBlock; fromBlock <= end; fromBlock += step) {
    const toBlock = Math.min(fromBlock + step - 1, end);
    const logs = await read(() => d.provider.getLogs({ address, topics: [event.topic], fromBlock, toBlock }));
    for (const log of logs) {
      const value = log.address.toLowerCase() === address.toLowerCase() ? event.decode(log) : undefined;
      if (value === undefined) continue;
      yield { value, blockNumber: log.blockNumber, transactionHash: log.transactionHash };
    }
  }
}
