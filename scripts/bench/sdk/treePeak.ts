// A process that makes the input of a tree, and the tree if it is told so, and says how many bytes it had at its peak. What it
// makes is held until then.
import { LedgerTree } from "@yellowstone-compute/sdk";
import { memoryPeak } from "../../tools/memoryPeak.js";
import { merkleTree } from "../peers/packages.js";
import { deltasOf, lanesOf, leavesOf, valuesOf } from "./treeInput.js";

const MAKERS = {
  lanes: () => lanesOf(),
  build: () => built(),
  update: () => {
    const tree = built();
    tree.apply(deltasOf());
    tree.root();
    return tree;
  },
  leaves: async () => ({ leaves: leavesOf(lanesOf()), ...(await merkleTree()) }),
  simple: async () => (await merkleTree()).SimpleMerkleTree.of(leavesOf(lanesOf())),
  values: async () => ({ values: valuesOf(lanesOf()), ...(await merkleTree()) }),
  standard: async () => (await merkleTree()).StandardMerkleTree.of(valuesOf(lanesOf()), ["uint256", "uint256"]),
} as const;

/** What such a process can be told to make. */
export type Made = keyof typeof MAKERS;

function built(): LedgerTree {
  const tree = LedgerTree.from(lanesOf());
  tree.root();
  return tree;
}

const held = await MAKERS[process.argv[2] as Made]();
console.log(held === undefined ? 0 : memoryPeak());
