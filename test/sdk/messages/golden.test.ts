import { readFileSync } from "node:fs";
import { expect } from "chai";
import { bytesToHex } from "@yellowstone-compute/sdk/crypto";
import {
  KINDS,
  createDomain,
  definitionOf,
  domainSeparator,
  hashMessage,
  localSigner,
  parseValue,
  recoverSigner,
  signMessage,
  type Kind,
} from "@yellowstone-compute/sdk/messages";
import type { Hex } from "@yellowstone-compute/sdk/units";
import { goldenText } from "../../../scripts/tools/golden-messages.js";

interface GoldenMessage {
  kind: Kind;
  type: string;
  typeHash: string;
  value: unknown;
  structHash: string;
  digest: string;
  signer: string;
  privateKey: string;
  signature: Hex;
}

const text = readFileSync(new URL("../../vectors/messages.json", import.meta.url), "utf8");
const golden = JSON.parse(text) as {
  domain: { chainId: string; verifyingContract: string };
  domainSeparator: string;
  messages: GoldenMessage[];
};
const domain = createDomain(BigInt(golden.domain.chainId), golden.domain.verifyingContract);

describe("messages: golden vectors", () => {
  it("are what the generator makes", async () => expect(await goldenText()).to.equal(text));

  it("cover every kind once", () => expect(golden.messages.map(({ kind }) => kind)).to.deep.equal(KINDS));

  it("have our domain separator", () => {
    expect(bytesToHex(domainSeparator(domain))).to.equal(golden.domainSeparator);
  });

  for (const vector of golden.messages) {
    it(`${vector.kind}: type, type hash, struct hash, digest, signature and signer`, async () => {
      const definition = definitionOf(vector.kind);
      const value = parseValue(vector.kind, vector.value);
      expect(definition.typeString, "type").to.equal(vector.type);
      expect(definition.typeHash, "type hash").to.equal(vector.typeHash);
      expect(bytesToHex(definition.hashStruct(value)), "struct hash").to.equal(vector.structHash);
      expect(hashMessage(vector.kind, value, domain), "digest").to.equal(vector.digest);
      expect(recoverSigner(vector.kind, value, vector.signature, domain), "signer").to.equal(vector.signer);
      const signed = await signMessage(localSigner(vector.privateKey), vector.kind, value, domain);
      expect(signed.signature, "signature").to.equal(vector.signature);
    });
  }
});
