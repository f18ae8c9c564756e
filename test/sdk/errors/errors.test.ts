import { expect } from "chai";
import * as errors from "@yellowstone-compute/sdk/errors";
import { address, hash32 } from "@yellowstone-compute/sdk/units";

const AT = address(`0x${"11".repeat(20)}`);
const cause = new TypeError("below");
const EXAMPLES: readonly errors.YellowstoneError[] = [
  new errors.InvalidField("a.b", "a number", 1n << 600n, cause),
  new errors.ForeignTypedData(["Permit"]),
  new errors.InvalidSchedule("startAt", "a bigint", 1),
  new errors.SignatureLength(64),
  new errors.SignatureMalleable(),
  new errors.SignatureRecoveryByte(0),
  new errors.InvalidSignature(cause),
  new errors.SignerMismatch("0x1", "0x2"),
  new errors.ContractSignatureRefused("0x1"),
  new errors.InvalidPrivateKey(),
  new errors.MessageExpired("Bid", "expiresAt", 1n, 2n),
  new errors.BeforeStart(2n, 1n),
  new errors.SigningFailed("Match", cause),
  new errors.QuotaExceeded("0x1", 1n, 3n, 2n, 2n),
  new errors.AlreadyReserved("0x1"),
  new errors.ReservationNotFound("0x1"),
  new errors.TokenMaxExceeded("0x1", 1n, 2n),
  new errors.InvalidAccessInput("tokenMax", 0n, "at least 1 T"),
  new errors.WrongRouter("0x1", 1n, "0x2", "0x3"),
  new errors.StaleBid(1n, "0x1", 1n, 1n),
  new errors.BidExpired(1n, "0x1", 1n, 2n),
  new errors.BidPriceNotPositive(1n, "0x1", 0n),
  new errors.InvalidMarketParameter("window", 0, "at least 1 job"),
  new errors.NoFreeCapacity(1n, "0x1", 2),
  new errors.CapacityNotTaken(1n, "0x1"),
  new errors.RfcAlreadyQueued("0x1"),
  new errors.InvalidGateParameter("window", 0, "a whole number"),
  new errors.InvalidMeasurement("tokens", -1n, 0n),
  new errors.InvalidRange({ firstWord: 1, level: 1, count: 2 }, "not aligned to its 2 words"),
  new errors.PayloadTruncated(8, 7),
  new errors.LaneTooWide(0, 4n, 2),
  new errors.LaneOverflow(0, 1n, -1n),
  new errors.LaneOutsideTree(-1n),
  new errors.LedgerBehindHead("0x1", "0x2"),
  new errors.BlockRangeInvalid(1n, 2n, 2n),
  new errors.UpdateTooLarge(2, 2, 1, 1),
  new errors.DraftStale(1n, "built on another root than the ledger's"),
  new errors.ReportProofInvalid("it leads to another root"),
  new errors.ReportOutsideTree(2n, 1n),
  new errors.BlockNotLinked("0x1", 1n, "is there twice"),
  new errors.ReportDuplicated("0x1", 1n),
  new errors.QuorumMissing(1, 2, ["0x1"]),
  new errors.BidUnitUnpriced(1),
  new errors.RfcReplayed("0x1", 1n),
  new errors.RfcWindowInvalid(1n, 2n, 1n),
  new errors.RfcDayOver("0x1", 1n, 2n),
  new errors.QueueFull(1),
  new errors.AccessUnknown(1n),
  new errors.RfcUnmatched("0x1"),
  new errors.JournalUnsupported("v20.19.0", new TypeError("no such module")),
  new errors.JournalLocked("journal.db"),
  new errors.JournalForeign("chainId", "1", "2"),
  new errors.JournalVersionUnknown(1, 2),
  new errors.JournalDamaged(1, "ends early"),
  new errors.JournalFull("journal.db", undefined),
  new errors.JournalReadOnly("journal.db", undefined),
  new errors.JournalFailed("journal.db", "input/output error", undefined),
  new errors.JournalHalted(undefined),
  new errors.JournalClosed(),
  new errors.InvalidJournalSetting("snapshotEvery", "at least 1", 0),
  new errors.VerifierFailed("closed"),
  new errors.MatchUnknown("0x1"),
  new errors.ReportProviderMismatch(1n, 2n),
  new errors.ReportStampsInvalid(2n, 1n, 0n, 3n),
  new errors.UnknownContractError("0xdeadbeef"),
  new errors.ContractPanic(17n),
  new errors.ContractReverted("paused"),
  new errors.RevertedWithoutReason(),
  new errors.ChainRequestFailed("timeout", "now"),
  new errors.ConfirmationMissing("claim 1 MOR"),
  new errors.ExternalSignerFailed("eth_accounts", "it does not answer", cause),
  new errors.RouterAnswered(404, "no such model"),
  new errors.RouterUnreachable("refused", cause),
  new errors.TransactionReverted("0x1", 2, 3n),
  new errors.TransactionUnconfirmed("0x1", "timeout"),
  new errors.EventMissing("Claimed", "0x1", AT),
  new errors.LedgerDiverged(1n, "0x1", "0x2"),
  new errors.AccountDiverged(1n, "settled", 1n, 2n),
  new errors.SeasonDiverged(1n, hash32(`0x${"11".repeat(32)}`), hash32(`0x${"22".repeat(32)}`)),
  new errors.InvalidWindow("endAt", "after 5", 5n),
  new errors.InvalidSeasonList("10 bytes are no multiple of 9"),
  new errors.LaneShrunk(1, 2n, 1n),
  new errors.EntryTooLarge(2, 2, 1, 1),
  new errors.VetoUnknown(1n),
  new errors.UnknownChain(1n, [8453n]),
  new errors.NoCode("lens", AT, 1n),
  new errors.CodeMismatch(AT, "0x1", "0x2"),
  new errors.VersionMismatch(AT, "1", "2"),
  new errors.ContractOutdated(AT, "2.0.0", "2", "1"),
  new errors.SdkOutdated(AT, "1.0.0", "1", "2"),
  new errors.CodeUnknown("compute", AT, "1.0.0", ["0.1.0"]),
  new errors.WiringMismatch("registry.TOKEN", AT, AT),
  new errors.ProviderMissing(),
  new errors.SignerMissing("claim"),
  new errors.DayNotBegun(1n, 2n, 4n, 3n),
  new errors.HistoryMissing(1n, 2, cause),
  new errors.TransferIndexDiverged(1n, 2, "0x1 sent more than it had"),
  new errors.DayForgotten(1n, 2n, 3n),
  new errors.LogsPruned(1, 2, cause),
  new errors.LogsRefused(1, cause),
  new errors.ReorgTooDeep(1, hash32(`0x${"11".repeat(32)}`)),
  new errors.ChainUnsettled(1, 2, 5),
  new errors.HistoryDiverged("head", 1n, 2n, 3),
  new errors.SnapshotDamaged("its checksum", "0x1", "0x2"),
  new errors.SnapshotForeign("chain", "1", "2"),
  new errors.SeqAlreadySigned(1n, "0x1", "0x2", 3n, 2n),
  new errors.EvidenceInvalid("both say the same"),
  new errors.RouterNotReviewed("0x1"),
  new errors.TransportFailed("0x1", "not there", cause),
  new errors.RequestRateLimited(7_000, cause),
  new errors.RequestTimedOut("look", 15_000),
  new errors.ChainChanged(1n, 2n),
  new errors.RelayAborted(cause),
  new errors.InvalidRelaySetting("inFlight", "at least 1", 0),
  new errors.RelaySenderUnfit("signed another transaction", cause),
  new errors.RelaySenderPoor(1n, 2n),
  new errors.RelayFeeAboveCap(2n, 1n),
  new errors.RelayUnprofitable(1n, 2n, 100),
  new errors.RelayTooLarge(2, 2n, 1, 1n),
  new errors.RelaySuperseded("attestation 1", "root 0x1 stands there", cause),
  new errors.RelayNonceUncertain(1),
  new errors.RelayJobUnknown("0x1"),
  new errors.InvalidPolicy("reportSeconds", "at least 1 second", 0n),
  new errors.BidMissing("0x1"),
  new errors.ConfigInvalid("listen.port", "a port", -1, cause),
  new errors.KeyUnavailable("environment variable ROUTER_KEY", "is not set"),
  new errors.RequestInvalid("not JSON"),
  new errors.BodyTooLarge(1),
  new errors.RateLimited(1),
  new errors.RequestUnauthenticated("the signature does not hold"),
  new errors.ResourceUnknown("block 1"),
  new errors.RouterNotReady(["starts"]),
  new errors.ServiceFailed("1", cause),
  new errors.ArchiveInvalid("router.evidence", "is not there", cause),
  new errors.CommandLineInvalid("no such command: fly"),
  new errors.EndpointRefused("ftp://x", "is not http"),
  new errors.PortInUse("127.0.0.1", 8_420, cause),
  new errors.ListenFailed("127.0.0.1", 1, "EACCES", cause),
];

describe("errors", () => {
  it("have an example of every class here; those of the contracts have a test of their own", () => {
    const isFailure = (value: unknown) =>
      typeof value === "function" &&
      value.prototype instanceof errors.YellowstoneError &&
      value !== errors.ContractError &&
      !(value.prototype instanceof errors.ContractError);
    const classes = Object.entries(errors).filter(([, value]) => isFailure(value));
    expect(EXAMPLES.map(({ code }) => code).sort()).to.deep.equal(classes.map(([name]) => name).sort());
  });

  for (const error of EXAMPLES) {
    it(`${error.code}: code is the class name, says what to do next, survives JSON`, () => {
      expect(error).to.be.instanceOf(errors.YellowstoneError).and.instanceOf(Error);
      expect(error.constructor.name).to.equal(error.code);
      expect(error.name).to.equal(error.code);
      expect(error.next).to.match(/^[A-Z].*\.$/);
      expect(error.retry).to.be.oneOf(["no", "now", "later"]);
      expect(Object.isFrozen(error.data)).to.equal(true);
      const json = JSON.parse(JSON.stringify(error)) as { code: string; message: string };
      expect(json.code).to.equal(error.code);
      expect(json.message).to.equal(error.message);
    });
  }

  it("keep their cause, and have none when there was none", () => {
    expect(EXAMPLES[0]?.cause).to.equal(cause);
    expect("cause" in new errors.SignatureMalleable()).to.equal(false);
  });

  it("say in which of their cases they are", () => {
    const exit = (exitAt: bigint, exited: boolean) => new errors.RegistryExitState({ id: 7n, exitAt, exited }).message;
    expect(exit(0n, false)).to.include("provider 7 has not announced its exit");
    expect(exit(9n, false)).to.include("provider 7 has announced its exit for 9");
    expect(exit(9n, true)).to.include("provider 7 has withdrawn its bond");
    const { message } = new errors.QuorumMissing(0, 2, [AT, AT], ["no answer in time"]);
    expect(message).to.include(`${AT} (no answer in time), ${AT}`);
  });

  it("say whether a router may be asked again", () => {
    const said = [400, 429, 503].map((status) => new errors.RouterAnswered(status, "x"));
    expect(said.map(({ retry }) => retry)).to.deep.equal(["no", "later", "later"]);
    expect(said.map(({ next }) => next.split(" ")[0])).to.deep.equal(["Mend", "Ask", "Ask"]);
  });

  it("describe any value shortly", () => {
    const cases: [unknown, string][] = [
      [null, "null"],
      [undefined, "undefined"],
      [5n, "5n"],
      [NaN, "NaN"],
      ["a", '"a"'],
      [[1, 2], "array of 2"],
      [{ a: 1 }, "object"],
      [new Uint8Array(3), "3 bytes"],
      [Symbol("s"), "symbol"],
      [() => 1, "function"],
      [1n << 600n, "bigint of more than 512 bits"],
    ];
    for (const [value, text] of cases) expect(errors.describeValue(value)).to.equal(text);
    expect(errors.describeValue("x".repeat(1000)).length).to.be.below(110);
  });
});
