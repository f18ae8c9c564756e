import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { deploySuite } from "./suite.js";

/** The suite where there is no MOR: over a test token of its own. Takes the same parameters, without `token`. */
export default buildModule("Yellowstone", (m) => {
  const token = m.contract("TestMor");
  return { ...deploySuite(m, token), token };
});
