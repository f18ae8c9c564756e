// Checks that every name the SDK exports says what it is: exported functions, classes, interfaces, types, enums and
// constants of sdk/src carry JSDoc with text in it. Re-exports are judged where they are declared; generated code is not.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const filesUnder = (root) =>
  readdirSync(root).flatMap((name) => {
    const path = join(root, name);
    if (name === "generated") return [];
    return statSync(path).isDirectory() ? filesUnder(path) : path.endsWith(".ts") ? [path] : [];
  });

const isExported = (statement) =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);

/** Names that a statement declares: one, or as many as a variable statement has. */
function namesOf(statement, source) {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((declaration) => declaration.name.getText(source));
  }
  return statement.name === undefined ? ["default"] : [statement.name.getText(source)];
}

/** JSDoc that holds a sentence: a block of tags alone tells nobody what the thing is. */
function isDocumented(statement) {
  return ts
    .getJSDocCommentsAndTags(statement)
    .some((doc) => ts.isJSDoc(doc) && (ts.getTextOfJSDocComment(doc.comment) ?? "").trim() !== "");
}

// Overloads, and a type that shares its name with a constant, are documented once for both.
const missing = [];
let checked = 0;
for (const path of filesUnder(join("sdk", "src"))) {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const documented = new Map();
  for (const statement of source.statements) {
    if (!isExported(statement)) continue;
    for (const name of namesOf(statement, source)) {
      const { line } = source.getLineAndCharacterOfPosition(statement.getStart(source));
      const known = documented.get(name);
      documented.set(name, {
        line: known?.line ?? line + 1,
        hasText: known?.hasText === true || isDocumented(statement),
      });
    }
  }
  checked += documented.size;
  for (const [name, { line, hasText }] of documented)
    if (!hasText) missing.push(`${path}:${line}: ${name} has no JSDoc`);
}

for (const problem of missing) console.error(problem);
console.log(`docs: ${checked - missing.length} of ${checked} exported names of the SDK are documented`);
process.exitCode = missing.length === 0 && checked > 0 ? 0 : 1;
