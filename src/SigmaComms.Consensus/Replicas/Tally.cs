using System.Numerics;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>The votes of one kind for one block in one view; at most one of each validator.</summary>
internal sealed class Tally(BallotKind kind, View view, Digest block, int validators)
{
    private readonly Vote?[] _votes = new Vote?[validators];

    public Digest Block => block;

    /// <summary>A bit for each voter.</summary>
    public ulong Voters { get; private set; }

    public int Count => BitOperations.PopCount(Voters);

    public Vote? this[int voter] => _votes[voter];

    public bool TryAdd(Vote vote)
    {
        if (_votes[vote.Voter] is not null)
        {
            return false;
        }

        _votes[vote.Voter] = vote;
        Voters |= 1UL << vote.Voter;
        return true;
    }

    /// <summary>The votes of the wanted voters, or null if there is none.</summary>
    public Certificate? Select(ulong wanted, int countMax)
    {
        List<CertificateVote> votes = [];
        Epoch epoch = default;
        foreach (Vote? vote in _votes)
        {
            if (vote is not null && (wanted & (1UL << vote.Voter)) != 0 && votes.Count < countMax)
            {
                votes.Add(new CertificateVote(vote.Voter, CompanionOf(vote.Ballot), vote.Signature, vote.Ballot.Since));
                epoch = vote.Ballot.Epoch;
            }
        }

        return votes.Count == 0 ? null : new Certificate(kind, epoch, view, block, votes);
    }

    private Digest? CompanionOf(Ballot ballot) => ballot.Kind != BallotKind.Bundle ? null
        : kind == BallotKind.Notarize ? ballot.Block : ballot.NextBlock;
}
