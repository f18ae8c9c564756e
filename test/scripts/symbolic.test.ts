import { expect } from "chai";
import { powersOf, withoutProducts } from "../../scripts/checks/symbolic/multiplication.mjs";
import { judge } from "../../scripts/checks/symbolic/results.mjs";

describe("npm run symbolic", () => {
  it("takes a constant apart into few powers of two", () => {
    for (const value of [0n, 1n, 7n, 2n ** 128n - 2n ** 40n, 10n ** 12n]) {
      const powers = powersOf(value);
      expect(powers.reduce((sum, { power, sign }) => sum + BigInt(sign) * 2n ** BigInt(power), 0n)).to.equal(value);
    }
    expect(powersOf(2n ** 128n - 2n ** 40n)).to.have.length(2);
  });

  it("writes a product as shifts, modulo the width, and leaves one of two symbols alone", () => {
    expect(withoutProducts("(assert (= y (bvmul (_ bv7 8) x))) ; seven")).to.equal(
      "(assert (= y (let ((?product0 x)) (bvadd (bvneg ?product0) (concat ((_ extract 4 0) ?product0) (_ bv0 3))))))\n",
    );
    expect(withoutProducts("(assert (= y (bvmul x z)))")).to.equal("(assert (= y (bvmul x z)))\n");
  });

  it("takes for proved only what passed with no loop cut short", () => {
    const test = (name: string, exitcode: number, cut: number | null) => ({
      name: `${name}(uint256)`,
      exitcode,
      num_bounded_loops: cut,
      time: [1, 1, 0],
    });
    const tests = [test("check_A", 0, 0), test("check_B", 0, 1), test("check_C", 1, 0), test("check_D", 2, 0)];
    const results = judge({ test_results: { "proof/test/symbolic/X.sol:X": [...tests, test("check_E", 0, null)] } });
    const verdicts = [...results].map(([name, { verdict }]) => `${name} ${verdict}`);
    expect(verdicts).to.deep.equal([
      "proof.check_A proved",
      "proof.check_B open",
      "proof.check_C refuted",
      "proof.check_D open",
      "proof.check_E open",
    ]);
  });
});
