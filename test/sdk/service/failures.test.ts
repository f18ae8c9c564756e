import { expect } from "chai";
import * as errors from "@yellowstone-compute/sdk/errors";
import { outwardFailure, statusOf } from "../../../sdk/dist/service/http/failures.js";

const outward = (error: unknown) => outwardFailure(error, "request 1", 100);

describe("service: failures in a caller's ears", () => {
  for (const [what, error, type, status] of [
    ["what a caller may know", new errors.RequestInvalid("no such field"), errors.RequestInvalid, 400],
    [
      "a journal that takes nothing",
      new errors.JournalFull("/secret/router.db", undefined),
      errors.RouterNotReady,
      503,
    ],
    ["an archive that is damaged", new errors.ArchiveInvalid("/secret", "changed"), errors.RouterNotReady, 503],
    [
      "a chain that does not answer",
      new errors.ChainRequestFailed("https://key@rpc", "now"),
      errors.RouterNotReady,
      503,
    ],
    ["a field that a schema refuses", schema("/seq", "must be string"), errors.RequestInvalid, 400],
    ["a body that a schema refuses", schema("", undefined), errors.RequestInvalid, 400],
    ["a body too large", { code: "FST_ERR_CTP_BODY_TOO_LARGE" }, errors.BodyTooLarge, 413],
    ["another content type", { code: "FST_ERR_CTP_INVALID_MEDIA_TYPE" }, errors.RequestInvalid, 400],
    ["what the server refuses", { code: "FST_ERR_X", statusCode: 400, message: "odd" }, errors.RequestInvalid, 400],
    ["what the server refuses in silence", { code: "FST_ERR_X", statusCode: 400 }, errors.RequestInvalid, 400],
    ["a body that is no JSON", { statusCode: 400 }, errors.RequestInvalid, 400],
    ["a mistake of the router's own", new TypeError("/secret is not a function"), errors.ServiceFailed, 500],
  ] as const) {
    it(`${what}: ${type.name}, ${status}`, () => {
      const failure = outward(error);
      expect(failure).to.be.instanceOf(type);
      expect(statusOf(failure)).to.equal(status);
      expect(JSON.stringify(failure)).to.not.include("secret").and.not.include("rpc");
    });
  }

  it("a failure that no table names is the caller's to mend", () => {
    expect(statusOf(new errors.LaneTooWide(1, 9n, 3))).to.equal(422);
  });
});

function schema(instancePath: string, message: string | undefined): object {
  return { validation: [{ instancePath, ...(message === undefined ? {} : { message }) }] };
}
