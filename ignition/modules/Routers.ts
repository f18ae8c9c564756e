import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Access from "./Access.js";

/** The routers whose quorum credits providers. */
export default buildModule("Routers", (m) => {
  const { authority } = m.useModule(Access);
  const parameters = [m.getParameter("routers"), m.getParameter<number>("threshold"), authority];
  return { routers: m.contract("RouterSet", parameters) };
});
