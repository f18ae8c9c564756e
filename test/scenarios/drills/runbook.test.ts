import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { CHAIN_FIGURES, ChainMetrics, FIGURES, RouterMetrics } from "@yellowstone-compute/sdk/service";
import { evaluate, metricsOf, parseMetrics, type Sample } from "../../utils/promql.js";
import { ROOT } from "../../utils/script.js";
import { ALERTS } from "./world.js";

const OPERATE = join(ROOT, "docs", "operate");
const runbook = readFileSync(join(OPERATE, "runbook.md"), "utf8");
const sections = new Map(
  runbook
    .split("\n## ")
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf("\n")), text] as const),
);
/** As a heading is linked to. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replaceAll(" ", "-");

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

/** Everything that exporter and router can expose: each figure set, each labelled counter touched once. */
async function exposed(): Promise<Sample[]> {
  const [chain, router] = [new ChainMetrics(), new RouterMetrics()];
  for (const name of Object.keys(CHAIN_FIGURES) as (keyof typeof CHAIN_FIGURES)[]) chain.set(name, 1);
  for (const name of Object.keys(FIGURES) as (keyof typeof FIGURES)[]) router.set(name, 1);
  chain.balance("poster", 1n);
  chain.failed("ChainRequestFailed");
  chain.note({
    kind: "alarm",
    alarm: { kind: "equivocation", line: "", actBefore: undefined, blockNumber: 1 },
  });
  router.failures.inc({ code: "JournalFailed" });
  const texts = await Promise.all([chain.registry.metrics(), router.registry.metrics()]);
  // Labelled gauges without a value are exposed by their head alone.
  const heads = texts.flatMap((text) => [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name ?? ""));
  const samples = texts.flatMap(parseMetrics);
  const known = new Set(samples.map(({ name }) => name));
  return [...samples, ...heads.filter((name) => !known.has(name)).map((name) => ({ name, labels: {}, value: 0 }))];
}

describe("runbook, alerts and dashboard", () => {
  it("every section says what is seen, done, over and impossible, and has its drill by name", () => {
    const drills = globSync("test/scenarios/drills/*.test.ts", { cwd: ROOT }).flatMap((file) =>
      [...readFileSync(join(ROOT, file), "utf8").matchAll(/^drill\("([^"]+)"/gm)].map(([, name]) => name),
    );
    expect([...sections.keys()]).to.have.members(drills);
    expect(sections.size).to.equal(10);
    for (const [heading, text] of sections) {
      for (const part of [
        "**Seen by**",
        "**Do.**",
        "**Over when**",
        "**Cannot be done.**",
        `**Drill** \`${heading}\``,
      ]) {
        expect(text, heading).to.include(part);
      }
      expect(text, `${heading}: a command or a verb`).to.match(/```(ts|sh)\n/);
    }
  });

  it("every alert names a section, and the section names it", () => {
    const anchors = new Map([...sections].map(([heading, text]) => [anchorOf(heading), text]));
    for (const { alert, annotations, labels } of ALERTS) {
      expect(anchors.get(annotations.runbook), `${alert}: ${annotations.runbook}`).to.include(`\`${alert}\``);
      expect(["critical", "warning", "info"]).to.include(labels.severity);
    }
    const named = [...runbook.matchAll(/`(Yellowstone[A-Z]\w+)`/g)].map(([, name]) => name);
    expect(ALERTS.map(({ alert }) => alert)).to.include.members([...new Set(named)]);
  });

  it("every metric of alerts, dashboard and runbook is exposed, and every expression evaluates", async () => {
    const samples = await exposed();
    const names = new Set(samples.map(({ name }) => name));
    const { panels } = JSON.parse(readFileSync(join(OPERATE, "dashboard.json"), "utf8")) as Dashboard;
    const shown = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const scrapes = [0, 60].map((at) => ({ at, samples }));
    for (const expression of [...ALERTS.map(({ expr }) => expr), ...shown]) {
      for (const metric of metricsOf(expression)) expect(names, expression).to.include(metric);
      expect(evaluate(expression, scrapes), expression).to.be.an("array");
    }
    for (const [, metric] of runbook.matchAll(/`(yellowstone_\w*[a-z])`/g)) expect(names).to.include(metric);
    // And the other way: what the exporter exposes is on the dashboard or in an alert, but for what only tells that it works.
    const used = new Set([...ALERTS.map(({ expr }) => expr), ...shown].flatMap(metricsOf));
    const unused = Object.keys(CHAIN_FIGURES).filter((name) => !used.has(`yellowstone_chain_${name}`));
    expect(unused).to.deep.equal(["pause_seconds_left", "pause_armed", "last_block"]);
  });

  it("promtool accepts the rules", function () {
    const { error, status, stderr } = spawnSync("promtool", ["check", "rules", join(OPERATE, "alerts.yml")], {
      encoding: "utf8",
    });
    if (error !== undefined) {
      console.log("      skipped: promtool (Debian's prometheus) is not installed");
      this.skip();
    }
    expect(status, stderr).to.equal(0);
  });

  it("the evaluation knows what Prometheus does with labels, counters that begin anew, and joins", () => {
    const at = (time: number, ...values: [string, number][]) => ({
      at: time,
      samples: values.map(([event, value]) => ({ name: "n", labels: { event }, value })),
    });
    const scrapes = [at(0, ["a", 5], ["b", 1]), at(60, ["a", 2], ["b", 4])];
    const values = (expression: string) => (evaluate(expression, scrapes) as Sample[]).map(({ value }) => value);
    expect(values("n")).to.deep.equal([2, 4]);
    expect(values('n{event="a"} * 3 + 1')).to.deep.equal([7]);
    expect(values('n{event!~"a|c"} > 3')).to.deep.equal([4]);
    expect(values("n > 3 or n < 3")).to.deep.equal([4, 2]);
    expect(values("n unless n > 3")).to.deep.equal([2]);
    expect(values("n and n == 2")).to.deep.equal([2]);
    expect(values("increase(n[5m])")).to.deep.equal([2, 3]);
    expect(values("delta(n[5m])")).to.deep.equal([-3, 3]);
    expect(values("delta(n[1m])")).to.deep.equal([]);
    expect(values("rate(n[5m])")).to.deep.equal([2 / 300, 3 / 300]);
    expect(values("changes(n[5m])")).to.deep.equal([1, 1]);
    for (const bad of ["sum(n)", "n >", "n[5m]", "1 + 1", "n{event}", "delta(n)", "n n", "increase(n[5x])"]) {
      expect(() => evaluate(bad, scrapes), bad).to.throw();
    }
  });
});
