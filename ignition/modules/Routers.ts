import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Access from "./Access.js";
import Schedule from "./Schedule.js";

/** The routers whose quorum credits providers. */
export default buildModule("Routers", (m) => {
  const { authority } = m.useModule(Access);
  const { schedule } = m.useModule(Schedule);
  const parameters = [m.getParameter("routers"), m.getParameter<number>("threshold"), authority];
  return { routers: m.contract("RouterSet", parameters, { after: [schedule] }) };
});
