using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Votes;

namespace SigmaComms.Cluster.Control.Guards;

/// <summary>What ballots say, one view at a time.</summary>
internal static class BallotStatements
{
    /// <summary>The statements of a ballot: two of a bundle, else one.</summary>
    /// <exception cref="ArgumentException">It is of no kind that there is.</exception>
    public static Statement[] Of(in Ballot ballot) => ballot.Kind switch
    {
        BallotKind.Propose => [new Statement(VoteKind.Propose, ballot.Epoch, ballot.View, ballot.Block)],
        BallotKind.Notarize => [new Statement(VoteKind.Notarize, ballot.Epoch, ballot.View, ballot.Block)],
        BallotKind.Nullify => [new Statement(VoteKind.Nullify, ballot.Epoch, ballot.View, default)],
        BallotKind.Finalize => [new Statement(VoteKind.Finalize, ballot.Epoch, ballot.View, ballot.Block)],
        BallotKind.Bundle =>
        [
            new Statement(VoteKind.Finalize, ballot.Epoch, ballot.View, ballot.Block),
            new Statement(VoteKind.Notarize, ballot.Epoch, ballot.View.Next, ballot.NextBlock),
        ],
        _ => throw new ArgumentException("There is no such kind of ballot.", nameof(ballot)),
    };

    /// <summary>What a record of the log says, if it is an own ballot; for <see cref="ControlStore.Open"/>.</summary>
    /// <param name="record">A record whose type is that of its content, a <see cref="WalRecordType"/>.</param>
    public static IEnumerable<Statement> InLog(LogRecord record) =>
        record.Type == (byte)WalRecordType.OwnBallot
        && WalRecord.TryDecode(record.Payload, out WalRecord? decoded) && decoded is WalRecord.OwnBallot own
            ? Of(own.Ballot)
            : [];
}
