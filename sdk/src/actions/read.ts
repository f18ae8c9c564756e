import type { Block, BlockTag } from "ethers";
import type { Deployment } from "../deployment/deployment.js";
import { ChainRequestFailed } from "../errors/chain.js";
import { decodeError } from "../errors/decode.js";

/** Run a read and decode what it fails with. */
export async function read<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    throw decodeError(cause);
  }
}

/** Read a block. @throws ChainRequestFailed when the node does not have it */
export async function readBlock(d: Deployment, blockTag: BlockTag): Promise<Block> {
  const block = await read(() => d.provider.getBlock(blockTag));
  if (block === null) throw new ChainRequestFailed(`the node shows no block ${blockTag}`, "later");
  return block;
}

/** Fix the block of a read, so that several calls see the same state. */
export async function blockOf(d: Deployment, blockTag: BlockTag | undefined): Promise<BlockTag> {
  return blockTag ?? (await d.provider.getBlockNumber());
}
