// `npm run roles`: writes the table of SECURITY.md from the SDK's list of permissions and the parameter files.
import { readFileSync, writeFileSync } from "node:fs";
import { readGovernanceDelays, renderRoles, withRoles } from "./rolesPage.js";

const page = readFileSync("SECURITY.md", "utf8");
const written = withRoles(page, renderRoles(readGovernanceDelays()));
writeFileSync("SECURITY.md", written);
console.log(written === page ? "SECURITY.md is as it was" : "SECURITY.md written");
