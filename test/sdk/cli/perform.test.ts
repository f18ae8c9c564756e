import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { Arguments } from "../../../sdk/dist/cli/arguments.js";
import { EXIT } from "../../../sdk/dist/cli/command.js";
import { describeCall } from "../../../sdk/dist/cli/describeCall.js";
import { perform, WRITE_OPTIONS } from "../../../sdk/dist/cli/perform.js";
import { Printer } from "../../../sdk/dist/cli/printer.js";
import { bentProvider, busy } from "../../utils/bentNode.js";
import { deploySuite, ethers, failureOf, networkHelpers, ROUTERS } from "../actions/fixture.js";
import { serveChain } from "./served.js";
import { failureOf as failureIn, linesOf, runHere, SENDER_KEY } from "./yellowstone.js";

const ORACLE = "0x420000000000000000000000000000000000000F";
/** Code that answers every call with 500. */
const FIVE_HUNDRED = "0x6101f45f5260205ff3";

describe("command line: calls, described and sent", function () {
  this.timeout(60_000);

  it("are shown with lists and what stands in them", async () => {
    const { d, asGovernance } = await networkHelpers.loadFixture(deploySuite);
    const routers = ROUTERS.slice(0, 2).map(({ address: account }) => ({ account, isContract: false }));
    const call = sdk.setRouters.call(asGovernance, { threshold: 2, routers });
    const shown = await describeCall(d, call, undefined);
    expect(shown).to.include({ contract: "routers", gas: undefined });
    expect(shown.args).to.deep.equal({ newRouters: routers, newThreshold: 2n });
    expect(shown.failure).to.be.instanceOf(sdk.AccessManagedUnauthorized);
  });

  it("are priced with what an OP-stack chain takes for data, and by no node that fails", async () => {
    const { d } = await networkHelpers.loadFixture(deploySuite);
    const call = sdk.intake.call(d, {});
    const dataFeeOf = async () => {
      const { feeWei, gas, gasPriceWei } = await describeCall(d, call, undefined);
      return feeWei! - gas! * gasPriceWei;
    };
    expect(await dataFeeOf()).to.equal(0n);
    await networkHelpers.setCode(ORACLE, FIVE_HUNDRED);
    expect(await dataFeeOf(), "the fee of its bytes, and the operator's").to.equal(1_000n);
    const provider = bentProvider(ethers.provider, (method, params, pass) =>
      method === "eth_estimateGas" ? busy() : pass(method, params),
    );
    const failure = await failureOf(describeCall({ ...d, provider }, call, undefined));
    expect(failure).to.be.instanceOf(sdk.ChainRequestFailed).and.have.property("retry", "now");
  });

  it("that stop halfway are told as far as they went", async () => {
    const { d, addresses, sender } = await networkHelpers.loadFixture(deploySuite);
    const node = await serveChain(ethers.provider);
    const env = {
      YELLOWSTONE_RPC: node.url,
      YELLOWSTONE_COMPUTE: addresses.compute,
      YELLOWSTONE_LENS: addresses.lens,
      YELLOWSTONE_KEY: SENDER_KEY,
    };
    const register = ["provider", "register", "--payout", `0x${"5a".repeat(20)}`, "--bond", "0.5", "--yes", "--json"];
    const { code, out, err } = await runHere(register, env);
    await node.close();
    expect(failureIn({ code, out: "", err }, EXIT.refused)["code"]).to.equal("RegistryBondTooSmall");
    const [told] = linesOf(out);
    expect(told).to.include({ dryRun: false, isComplete: false });
    expect(told?.["transactions"]).to.have.length(1);
    expect(await d.token.allowance(sender, d.addresses.registry)).to.equal(5n * 10n ** 17n);
  });

  it("of which there are none are told to be none", async () => {
    const { d, sender } = await networkHelpers.loadFixture(deploySuite);
    const sink = () => {
      let text = "";
      return { write: (more: string) => ((text += more), true), text: () => text };
    };
    const [out, err] = [sink(), sink()];
    const around = { env: { YELLOWSTONE_KEY: SENDER_KEY }, out, err, input: process.stdin };
    const context = { args: new Arguments([], WRITE_OPTIONS, 0), around, print: new Printer(around, false) };
    let asked: string | undefined;
    const code = await perform(context, d, (by) => {
      asked = by;
      return Promise.resolve({ steps: [] });
    });
    expect([code, out.text(), asked]).to.deep.equal([EXIT.done, "nothing to send\n", sender.address]);
  });
});
