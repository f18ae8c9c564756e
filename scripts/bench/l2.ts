import { brotliCompressSync, constants } from "node:zlib";
import { Interface, Transaction, Wallet, getBytes, id as hashOf } from "ethers";
import { Rows, type Row } from "./rows.js";
import { BenchSuite, type Posted } from "./suite.js";
import { DELTAS, MATURE, generator, idsUpTo } from "./values.js";

const GWEI = 1_000_000_000n;

/**
 * Prices in wei: of L1 gas, of L1 blob gas, of gas on the L2. Chosen, not observed: a quiet hour, a usual one, a crowded one.
 */
const SCENARIOS = {
  quiet: { l1BaseFee: GWEI / 2n, blobBaseFee: 1n, opGas: 5_000_000n, arbitrumGas: 10_000_000n },
  typical: { l1BaseFee: 5n * GWEI, blobBaseFee: GWEI / 10n, opGas: 10_000_000n, arbitrumGas: 20_000_000n },
  busy: { l1BaseFee: 50n * GWEI, blobBaseFee: 10n * GWEI, opGas: 100_000_000n, arbitrumGas: 100_000_000n },
} as const;

/** Predeploys of the OP stack, the slots of L1Block that hold prices and scalars, and the scalars of Base. */
const L1_BLOCK = "0x4200000000000000000000000000000000000015";
const FEE_ORACLE = "0x420000000000000000000000000000000000000F";
const SLOT = { l1BaseFee: 1, scalars: 3, blobBaseFee: 7 } as const;
const BASE_FEE_SCALAR = 2_269n;
const BLOB_BASE_FEE_SCALAR = 1_055_762n;
const oracle = new Interface(["function getL1Fee(bytes) view returns (uint256)"]);
/** Price of an estimated compressed byte is (16 x base fee x scalar + blob fee x scalar) / 1e6, Fjord. */
const CALLDATA_GAS = 16n;
const SCALAR_UNIT = 1_000_000n;
/** Nitro compresses each transaction by brotli at level 1, window 22, and takes 16 gas a byte. */
const NITRO_BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 22 },
};
/** Most that the oracle's figure and the fee of EDR's own receipt may differ: a signature compresses as it likes. */
const AGREEMENT_PERCENT = 2n;

const PROVIDERS = 1_000;
const BATCH = 250;
const ATTESTATIONS_PER_PAYOUT = 24;
const INFERENCES_PER_ATTESTATION = 1_000_000;

/** Money: what attestations and claims cost on an OP-stack chain and on Arbitrum. Fees in gwei of ether. */
export async function l2Suite({ providers = PROVIDERS, batch = BATCH } = {}): Promise<Row[]> {
  const rows = new Rows("l2");
  const { suite, attest, single, claims } = await transactions(providers, batch);
  for (const [label, posted, n] of [
    ["attestation", attest, providers],
    ["claim single", single, 1],
    ["claim batch", claims, batch],
  ] as const) {
    rows.add(`compressed share, OP FastLZ estimate: ${label}`, n, 100 * (await opSize(suite, posted)), "% of calldata");
    rows.add(
      `compressed share, Arbitrum brotli: ${label}`,
      n,
      (100 * brotliBytes(posted)) / posted.bytes,
      "% of calldata",
    );
  }
  for (const [scenario, prices] of Object.entries(SCENARIOS)) {
    await setPrices(suite, prices);
    const op = async (posted: Posted) => {
      const data = await opDataFee(suite, posted);
      return { data, total: data + BigInt(posted.gas) * prices.opGas };
    };
    const arbitrum = (posted: Posted) => {
      const data = BigInt(brotliBytes(posted)) * CALLDATA_GAS * prices.l1BaseFee;
      return Promise.resolve({ data, total: data + BigInt(posted.gas) * prices.arbitrumGas });
    };
    for (const [chain, feeOf] of [["OP", op] as const, ["Arbitrum", arbitrum] as const]) {
      const [posting, one, many] = [await feeOf(attest), await feeOf(single), await feeOf(claims)];
      const gwei = (wei: bigint) => Number(wei) / Number(GWEI);
      const label = (what: string) => `${chain} fee per ${what}: ${scenario}`;
      rows.add(label("attestation"), providers, gwei(posting.total), "gwei");
      rows.add(`${chain} L1 data in the fee per attestation: ${scenario}`, providers, percent(posting), "%");
      rows.add(label("claim single"), 1, gwei(one.total), "gwei");
      rows.add(label("claim in a batch"), batch, gwei(many.total) / batch, "gwei");
      const payouts = (gwei(many.total) / batch) * (providers / ATTESTATIONS_PER_PAYOUT);
      rows.add(label("million inferences"), INFERENCES_PER_ATTESTATION, gwei(posting.total) + payouts, "gwei");
    }
  }
  return rows.all;
}

const percent = ({ data, total }: { data: bigint; total: bigint }): number => Number((data * 10_000n) / total) / 100;

/** A whole hourly attestation, a claim of one and a claim of a batch, each in the steady state, on an OP-stack chain. */
async function transactions(providers: number, batch: number) {
  const random = generator(4n);
  const suite = await BenchSuite.deploy("op");
  await setPrices(suite, SCENARIOS.typical);
  await suite.register(providers);
  const all = idsUpTo(providers);
  const post = async ([low, high]: readonly [bigint, bigint]) => {
    const posted = await suite.attest(new Map(all.map((id) => [id, random(low, high)])));
    await suite.activate();
    return posted;
  };
  await post(MATURE);
  await suite.claim(all.slice(0, batch));
  const attest = await post(DELTAS.hourly);
  const back = await suite.snapshot();
  const single = await suite.claimCost([Math.floor(batch / 2)]);
  await requireAgreement(suite, single);
  await back();
  const claims = await suite.claimCost(all.slice(0, batch));
  return { suite, attest, single, claims };
}

async function setPrices({ chain }: BenchSuite, prices: { l1BaseFee: bigint; blobBaseFee: bigint }): Promise<void> {
  const set = (slot: number, value: bigint) => chain.networkHelpers.setStorageAt(L1_BLOCK, slot, value);
  await set(SLOT.l1BaseFee, prices.l1BaseFee);
  await set(SLOT.blobBaseFee, prices.blobBaseFee);
  await set(SLOT.scalars, (BASE_FEE_SCALAR << 96n) | (BLOB_BASE_FEE_SCALAR << 64n));
}

/** What the chain's own fee contract asks for the transaction's data, in wei. */
async function opDataFee({ chain, address }: BenchSuite, posted: Posted): Promise<bigint> {
  const data = oracle.encodeFunctionData("getL1Fee", [transactionOf(address, posted).unsignedSerialized]);
  return BigInt(await chain.ethers.provider.call({ to: FEE_ORACLE, data }));
}

/** The compressed size behind that fee, against the calldata. */
async function opSize(suite: BenchSuite, posted: Posted): Promise<number> {
  await setPrices(suite, SCENARIOS.typical);
  const { l1BaseFee, blobBaseFee } = SCENARIOS.typical;
  const weiPerByte = (CALLDATA_GAS * BASE_FEE_SCALAR * l1BaseFee + BLOB_BASE_FEE_SCALAR * blobBaseFee) / SCALAR_UNIT;
  return Number((await opDataFee(suite, posted)) / weiPerByte) / posted.bytes;
}

/** The oracle's answer must be what the chain charged. */
async function requireAgreement(suite: BenchSuite, posted: Posted): Promise<void> {
  const receipt = (await suite.chain.ethers.provider.send("eth_getTransactionReceipt", [posted.hash])) as {
    l1Fee: string;
  };
  const charged = BigInt(receipt.l1Fee);
  const asked = await opDataFee(suite, posted);
  const apart = charged > asked ? charged - asked : asked - charged;
  if (charged === 0n || apart * 100n > charged * AGREEMENT_PERCENT) {
    throw new Error(`bench: the fee contract asks ${asked} wei, the chain charged ${charged}`);
  }
}

/** Length of the signed transaction after Nitro's compression. */
function brotliBytes(posted: Posted): number {
  const wallet = new Wallet(hashOf("bench: relayer"));
  const transaction = transactionOf(wallet.address, posted);
  transaction.signature = wallet.signingKey.sign(transaction.unsignedHash);
  return brotliCompressSync(getBytes(transaction.serialized), NITRO_BROTLI).length;
}

function transactionOf(to: string, { data, gas }: Posted): Transaction {
  return Transaction.from({
    type: 2,
    chainId: 31_337n,
    nonce: 1_000,
    to,
    data,
    gasLimit: gas,
    maxFeePerGas: GWEI,
    maxPriorityFeePerGas: GWEI / 1_000n,
  });
}
