import type { BlockTag } from "ethers";
import type { Deployment } from "../deployment/deployment.js";
import { decodeError } from "../errors/decode.js";

/** Run a read and decode what it fails with. */
export async function read<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    throw decodeError(cause);
  }
}

/** Fix the block of a read, so that several calls see the same state. */
export async function blockOf(d: Deployment, blockTag: BlockTag | undefined): Promise<BlockTag> {
  return blockTag ?? (await d.provider.getBlockNumber());
}
