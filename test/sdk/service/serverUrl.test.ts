import { expect } from "chai";
import { serverUrl } from "../../../sdk/src/service/http/serverUrl.js";

describe("service: the URL of a server", () => {
  it("has the address in brackets where colons are a part of it", () => {
    expect(serverUrl({ address: "127.0.0.1", port: 80, family: "IPv4" })).to.equal("http://127.0.0.1:80");
    expect(serverUrl({ address: "::1", port: 80, family: "IPv6" })).to.equal("http://[::1]:80");
  });
});
