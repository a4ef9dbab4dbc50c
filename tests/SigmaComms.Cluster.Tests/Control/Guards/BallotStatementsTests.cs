using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Guards;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Guards;

public sealed class BallotStatementsTests
{
    private static readonly Epoch Now = new(5);
    private static readonly View Seven = new(7);
    private static readonly Digest A = Digest.Sha256("a"u8);
    private static readonly Digest B = Digest.Sha256("b"u8);

    [Fact]
    public void Every_kind_of_ballot_says_what_it_says_and_a_bundle_says_two_things()
    {
        Statement[] expected =
        [
            new(VoteKind.Propose, Now, Seven, A),
            new(VoteKind.Notarize, Now, Seven, A),
            new(VoteKind.Nullify, Now, Seven, default),
            new(VoteKind.Finalize, Now, Seven, A),
            new(VoteKind.Finalize, Now, Seven, A),
            new(VoteKind.Notarize, Now, new View(8), B),
        ];

        Statement[] said = [.. AllKinds().SelectMany(ballot => BallotStatements.Of(ballot))];

        Assert.Equal(expected, said);
        Assert.Throws<ArgumentException>(() => BallotStatements.Of(new Ballot(0, Now, Seven, A)));
    }

    [Fact]
    public void Only_own_ballots_of_the_log_are_statements_and_damaged_bytes_are_none()
    {
        byte[] own = new WalRecord.OwnBallot(Ballot.Nullify(Now, Seven)).Encode();
        byte[] started = new WalRecord.EpochStarted(Now, A).Encode();

        Assert.Single(BallotStatements.InLog(new LogRecord(1, own[0], own)));
        Assert.Empty(BallotStatements.InLog(new LogRecord(1, own[0], own.AsMemory(1))));
        Assert.Empty(BallotStatements.InLog(new LogRecord(1, own[0], started)));
        Assert.Empty(BallotStatements.InLog(new LogRecord(1, started[0], started)));
        Assert.Empty(BallotStatements.InLog(new LogRecord(1, own[0], default)));
    }

    [Fact]
    public void A_ballot_that_is_in_the_log_only_binds_the_guard_after_a_restart()
    {
        FaultyDisk disk = new(1);
        WalOptions options = new() { SegmentSizeBytes = 64 << 10 };
        using (var store = ControlStore.Create(disk, options, A, Now, 1, new SeededRandom(1)))
        {
            WalRecord record = new WalRecord.OwnBallot(Ballot.Bundle(Now, Seven, A, B));
            store.Append((byte)record.Type, record.Encode());
            store.Commit();
        }

        disk.Cut();
        using ControlStore again = ControlStore.Open(disk, options, A, BallotStatements.InLog).Store!;

        Assert.Equal(GuardVerdict.Known, again.Admit(BallotStatements.Of(Ballot.Finalize(Now, Seven, A))));
        Assert.Equal(GuardVerdict.Contradiction, again.Admit(BallotStatements.Of(Ballot.Nullify(Now, Seven))));
        Assert.Equal(
            GuardVerdict.Contradiction, again.Admit(BallotStatements.Of(Ballot.Notarize(Now, new View(8), A))));
    }

    private static Ballot[] AllKinds() =>
    [
        Ballot.Propose(Now, Seven, A),
        Ballot.Notarize(Now, Seven, A),
        Ballot.Nullify(Now, Seven),
        Ballot.Finalize(Now, Seven, A),
        Ballot.Bundle(Now, Seven, A, B),
    ];
}
