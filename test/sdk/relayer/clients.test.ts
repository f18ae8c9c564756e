import { expect } from "chai";
import { JsonRpcProvider, NonceManager, Wallet } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { createMemoryStorage } from "@yellowstone-compute/sdk/journal";
import { attestationOf } from "../actions/fixture.js";
import { serve } from "../../utils/face.js";
import { startAnvil, startHardhatNode, type LocalNode } from "../../utils/node.js";
import { otherEvm } from "../../utils/otherEvm.js";
import { deployAnywhere } from "./suite.js";
import { eventsOf, PAYER, sentBy, settle } from "./world.js";

/** First account of Hardhat's and anvil's nodes. */
const DEPLOYER = new Wallet("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

const AMOUNTS = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n];

const CLIENTS: readonly (readonly [string, () => Promise<LocalNode>])[] = [
  ["hardhat node", startHardhatNode],
  ["anvil", startAnvil],
  ["ethereumjs, which is not built on revm", async () => serve(await otherEvm([DEPLOYER.address]))],
];

describe("relayer: clients", function () {
  this.timeout(60_000);

  for (const [name, start] of CLIENTS) {
    it(`${name}: attestation and claims, in parts and at once`, async () => {
      const node = await start();
      const provider = new JsonRpcProvider(node.url, undefined, {
        batchMaxCount: 1,
        cacheTimeout: -1,
        pollingInterval: 20,
      });
      try {
        const signer = new NonceManager(DEPLOYER.connect(provider));
        const { d, seq, tree } = await deployAnywhere(signer, AMOUNTS, async (seconds) => {
          await provider.send("evm_increaseTime", [seconds]);
          await provider.send("evm_mine", []);
        });
        await (await signer.sendTransaction({ to: PAYER.address, value: 10n ** 18n })).wait();
        const far = await sdk.connect({ runner: sdk.relayProvider(node.url, d.chainId), addresses: d.addresses });
        const relayer = await sdk.createRelayer({
          sender: PAYER,
          deployment: far,
          store: createMemoryStorage(),
          timing: { pollMs: 1, backoffMaxMs: 20 },
          limits: { confirmations: 1, maxGas: 260_000 },
        });
        const { post } = await attestationOf(d, tree, new Map([[0, 9n]]));
        const ids = [await relayer.post(post), await relayer.claim(sdk.claimFor(seq, tree, [...AMOUNTS.keys()]))];
        await settle(relayer);
        for (const id of ids) {
          const status = await relayer.status(id);
          expect(status.phase, JSON.stringify(status.parts.map(({ failure }) => failure))).to.equal("done");
        }
        const paid = (await eventsOf(d, sdk.claimedEvent)).flatMap(({ payments }) => payments);
        expect(paid.map(({ id, amountUMor }) => [id, amountUMor]).sort()).to.deep.equal(
          AMOUNTS.map((amount, id) => [BigInt(id), amount]),
        );
        const sent = await sentBy(provider, PAYER.address);
        expect(sent.map(({ nonce, status }) => [nonce, status])).to.deep.equal(sent.map((_, i) => [i, 1]));
        expect(sent.length).to.be.greaterThan(2);
        (far.provider as JsonRpcProvider).destroy();
      } finally {
        provider.destroy();
        await node.stop();
      }
    });
  }
});
