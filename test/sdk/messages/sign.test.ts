import { expect } from "chai";
import { Wallet, type Signer } from "ethers";
import fc from "fast-check";
import {
  ContractSignatureRefused,
  ForeignTypedData,
  InvalidField,
  InvalidPrivateKey,
  MessageExpired,
  SignatureLength,
  SignatureMalleable,
  SignatureRecoveryByte,
  SignerMismatch,
  type YellowstoneError,
} from "@yellowstone-compute/sdk/errors";
import {
  KINDS,
  createDomain,
  localSigner,
  openMessage,
  requireLive,
  signMessage,
  typedDataTypes,
  verifyMessage,
  type Bid,
  type Erc1271Reader,
  type Rfc,
  type Signed,
  type TypedDataSigner,
} from "@yellowstone-compute/sdk/messages";
import { address, hex, modelId, providerId, unixMillis, unixSeconds, wei } from "@yellowstone-compute/sdk/units";
import { valueOf } from "./arbitraries.js";

const KEY = `0x${"0".repeat(63)}5`;
const OTHER_KEY = `0x${"0".repeat(63)}6`;
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const domain = createDomain(31337, "0x5FbDB2315678afecb367f032d93F642f64180aa3");
const signer = localSigner(KEY);
const NOW = unixSeconds(1_732_190_400);

const bid: Bid = {
  providerId: providerId(7),
  modelId: modelId(`0x${"22".repeat(32)}`),
  unit: 0,
  priceWei: wei(10n ** 11n),
  capacity: 2,
  sequence: 1n,
  validFromAt: NOW,
  expiresAt: unixSeconds(NOW + 60n),
  endpoint: "https://provider.example",
};
const rfc: Rfc = {
  user: signer.address,
  queryKey: localSigner(OTHER_KEY).address,
  modelId: bid.modelId,
  tokenMax: 4096n,
  issuedAtMs: unixMillis(NOW * 1000n),
  deadlineAt: unixSeconds(NOW + 60n),
  nonce: 1n,
};

async function refusal(promise: Promise<unknown>): Promise<YellowstoneError> {
  return promise.then(
    () => expect.fail("accepted"),
    (error: unknown) => error as YellowstoneError,
  );
}

describe("messages: signing", () => {
  it("localSigner signs as an ethers wallet does, and ethers signers fit the interface", async () => {
    const wallet: Signer & TypedDataSigner = new Wallet(KEY);
    for (const kind of KINDS) {
      for (const value of fc.sample(valueOf(kind), 3)) {
        expect(await signMessage(signer, kind, value, domain)).to.deep.equal(
          await signMessage(wallet, kind, value, domain),
        );
      }
    }
  });

  it("localSigner takes types written elsewhere only when they are ours", async () => {
    const copy = { Rfc: typedDataTypes.Rfc.Rfc.map((field) => ({ ...field })) };
    expect(await signer.signTypedData(domain, copy, { ...rfc })).to.match(/^0x[0-9a-f]{130}$/);
    const permit = { Permit: [{ name: "owner", type: "address" as const }] };
    const shorter = { Rfc: copy.Rfc.slice(1) };
    for (const types of [permit, shorter, { ...copy, ...permit }, {}]) {
      expect(await refusal(signer.signTypedData(domain, types, { ...rfc }))).to.be.instanceOf(ForeignTypedData);
    }
  });

  it("a bad key is refused without a word about it", () => {
    for (const key of [`0x${"0".repeat(64)}`, `0x${ORDER.toString(16)}`, "0x1234", "secret", new Uint8Array(31)]) {
      expect(() => localSigner(key)).to.throw(InvalidPrivateKey);
    }
    expect(JSON.stringify(signer)).to.not.include("0005");
  });

  it("a value that cannot be hashed never reaches the signer", async () => {
    const untouched: TypedDataSigner = {
      getAddress: () => Promise.resolve(signer.address),
      signTypedData: () => expect.fail("asked"),
    };
    const wrong = { ...bid, priceWei: wei(1n) - 2n } as Bid;
    expect(await refusal(signMessage(untouched, "Bid", wrong, domain))).to.be.instanceOf(InvalidField);
  });
});

describe("messages: verifying", () => {
  let signedBid: Signed<"Bid">;
  before(async () => {
    signedBid = await signMessage(signer, "Bid", bid, domain);
  });

  it("gives the signer", async () => {
    expect(await verifyMessage(signedBid, domain, NOW)).to.equal(signer.address);
    const signedRfc = await signMessage(signer, "Rfc", rfc, domain);
    expect(await verifyMessage(signedRfc, domain, NOW)).to.equal(signer.address);
  });

  it("does not take the trouble of whoever recovers for a signature that does not hold", async () => {
    const trouble = new TypeError("the worker is gone");
    const opened = openMessage(signedBid, domain, NOW, undefined, () => Promise.reject(trouble));
    expect(await refusal(opened)).to.equal(trouble);
  });

  it("refuses a changed value, another domain, another signer", async () => {
    const cheaper = { ...signedBid, value: { ...bid, priceWei: wei(1) } };
    const elsewhere = createDomain(1, domain.verifyingContract);
    const stolen = { ...signedBid, signer: localSigner(OTHER_KEY).address };
    expect(await refusal(verifyMessage(cheaper, domain, NOW))).to.be.instanceOf(SignerMismatch);
    expect(await refusal(verifyMessage(signedBid, elsewhere, NOW))).to.be.instanceOf(SignerMismatch);
    expect(await refusal(verifyMessage(stolen, domain, NOW))).to.be.instanceOf(SignerMismatch);
  });

  it("refuses a signer other than the one the message names", async () => {
    const foreign = await signMessage(localSigner(OTHER_KEY), "Rfc", rfc, domain);
    const error = await refusal(verifyMessage(foreign, domain, NOW));
    expect(error).to.be.instanceOf(SignerMismatch).with.nested.property("data.expected", rfc.user);
  });

  it("takes the last good second and refuses the next", async () => {
    expect(await verifyMessage(signedBid, domain, bid.expiresAt)).to.equal(signer.address);
    const late = unixSeconds(bid.expiresAt + 1n);
    const error = await refusal(verifyMessage(signedBid, domain, late));
    expect(error).to.be.instanceOf(MessageExpired).with.nested.property("data.field", "expiresAt");
    expect(() => requireLive("ModelPossession", bid, late)).to.not.throw();
  });

  it("refuses 64 bytes, a foreign v and a high s", async () => {
    const { signature } = signedBid;
    const s = BigInt(`0x${signature.slice(66, 130)}`);
    const flipped = signature.endsWith("1b") ? "1c" : "1b";
    const highS = (ORDER - s).toString(16).padStart(64, "0");
    const cases = [
      [signature.slice(0, 130), SignatureLength],
      [`${signature.slice(0, 130)}00`, SignatureRecoveryByte],
      [`${signature.slice(0, 66)}${highS}${flipped}`, SignatureMalleable],
    ] as const;
    for (const [changed, failure] of cases) {
      const error = await refusal(verifyMessage({ ...signedBid, signature: hex(changed) }, domain, NOW));
      expect(error).to.be.instanceOf(failure);
    }
  });

  it("asks a contract wallet only when no plain key has signed", async () => {
    const wallet = address(`0x${"ab".repeat(20)}`);
    const walletBid: Signed<"Bid"> = { ...signedBid, signer: wallet, signature: hex("0x1234") };
    const asked: string[] = [];
    const answering =
      (answer: boolean | undefined): Erc1271Reader =>
      (who, digest, signature) => {
        asked.push(`${who} ${digest.length} ${signature}`);
        return Promise.resolve(answer);
      };
    expect(await verifyMessage(signedBid, domain, NOW, answering(false))).to.equal(signer.address);
    expect(asked).to.have.length(0);
    expect(await verifyMessage(walletBid, domain, NOW, answering(true))).to.equal(wallet);
    expect(asked).to.deep.equal([`${wallet} 66 0x1234`]);
    const refused = await refusal(verifyMessage(walletBid, domain, NOW, answering(false)));
    expect(refused).to.be.instanceOf(ContractSignatureRefused);
    const codeless = await refusal(verifyMessage(walletBid, domain, NOW, answering(undefined)));
    expect(codeless).to.be.instanceOf(SignatureLength);
  });
});
