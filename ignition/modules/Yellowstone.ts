import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { deploySuite } from "./suite.js";

/** The suite over the MOR of its chain. */
export default buildModule("Yellowstone", (m) => deploySuite(m, m.getParameter<string>("token")));
