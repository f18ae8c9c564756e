import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The routers whose quorum credits providers. */
export default buildModule("Routers", (m) => {
  const routers = m.contract("RouterSet", [m.getParameter("routers"), m.getParameter<number>("threshold")]);
  return { routers };
});
