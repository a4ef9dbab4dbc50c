using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Votes;

/// <summary>
/// Votes of distinct validators for the same: with a quorum of them a notarization, nullification or finalization;
/// with fewer what a peer still missed. Who verifies needs the epoch's validators and the cluster's id, nothing else.
/// </summary>
public sealed class Certificate
{
    private readonly CertificateVote[] _votes;

    /// <summary>Takes over the votes.</summary>
    /// <param name="kind">Notarize, nullify or finalize.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="view">The view, at least 1.</param>
    /// <param name="block">The block; of a nullification the default.</param>
    /// <param name="votes">1 to 64, ascending by voter.</param>
    /// <exception cref="ArgumentException">The parts do not make a certificate.</exception>
    public Certificate(
        BallotKind kind, Epoch epoch, View view, Digest block, IReadOnlyList<CertificateVote> votes)
    {
        _votes = kind != BallotKind.Nullify ? [.. votes]
            : [.. votes.Select(vote => vote.Since == default ? vote with { Since = view } : vote)];
        if (!IsWellFormed(kind, view, block, _votes))
        {
            throw new ArgumentException("The votes do not make a certificate.", nameof(votes));
        }

        (Kind, Epoch, View, Block) = (kind, epoch, view, block);
        foreach (CertificateVote vote in _votes)
        {
            Voters |= 1UL << vote.Voter;
        }
    }

    /// <summary>Notarize, nullify or finalize.</summary>
    public BallotKind Kind { get; }

    /// <summary>The epoch whose validators voted.</summary>
    public Epoch Epoch { get; }

    /// <summary>The view.</summary>
    public View View { get; }

    /// <summary>The block; of a nullification the default.</summary>
    public Digest Block { get; }

    /// <summary>A bit for every voter.</summary>
    public ulong Voters { get; }

    /// <summary>The signatures, ascending by voter.</summary>
    public IReadOnlyList<CertificateVote> Votes => _votes;

    /// <summary>Whether the voters are a quorum of the set. Says nothing about the signatures.</summary>
    /// <param name="validators">The epoch's validators.</param>
    public bool IsQuorumOf(ValidatorSet validators) =>
        Epoch == validators.Epoch && IsAmong(validators) && _votes.Length >= validators.Quorum;

    /// <summary>Whether every voter is a validator of the set's epoch.</summary>
    /// <param name="validators">The epoch's validators.</param>
    public bool IsAmong(ValidatorSet validators) =>
        Epoch == validators.Epoch && BitOperations.Log2(Voters) < validators.Count;

    /// <summary>
    /// The first of the views that this nullification shows to be nullified, all up to <see cref="View"/>: of the views
    /// that its voters name the one that more than f of them name or go below, so that an honest one holds the proof.
    /// </summary>
    /// <param name="validators">The epoch's validators; a quorum of them voted.</param>
    public View FirstNullified(ValidatorSet validators)
    {
        Invariant.Holds(Kind == BallotKind.Nullify && IsQuorumOf(validators));
        return _votes.Select(vote => vote.Since).Order().ElementAt(validators.FaultsMax);
    }

    /// <summary>The vote at a place, as it was signed.</summary>
    /// <param name="place">0 to the number of votes - 1.</param>
    /// <param name="validators">The epoch's validators; every voter must be among them.</param>
    public Vote VoteAt(int place, ValidatorSet validators)
    {
        CertificateVote vote = _votes[place];
        return new Vote(BallotOf(vote), vote.Voter, validators[vote.Voter].Incarnation, vote.Signature);
    }

    /// <summary>Writes the certificate.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        writer.U8((byte)Kind).U64(Epoch.Value).U64(View.Value);
        if (Kind != BallotKind.Nullify)
        {
            writer.Digest(Block);
        }

        writer.U8((byte)_votes.Length);
        foreach (CertificateVote vote in _votes)
        {
            writer.U8(vote.Voter).Flag(vote.Companion is not null);
            if (vote.Companion is Digest companion)
            {
                writer.Digest(companion);
            }

            if (Kind == BallotKind.Nullify)
            {
                writer.U64(vote.Since.Value);
            }

            writer.Opaque16(vote.Signature.Span);
        }
    }

    /// <summary>Reads a certificate; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="certificate">The certificate, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no certificate in its one form.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out Certificate? certificate)
    {
        certificate = null;
        var kind = (BallotKind)reader.U8();
        var epoch = new Epoch(reader.U64());
        var view = new View(reader.U64());
        Digest block = kind == BallotKind.Nullify ? default : reader.Digest();
        int count = reader.U8();
        if (reader.Failed || count is 0 or > ValidatorSet.CountMax)
        {
            reader.Fail();
            return false;
        }

        var votes = new CertificateVote[count];
        for (int i = 0; i < count; i++)
        {
            byte voter = reader.U8();
            Digest? companion = reader.Flag() ? reader.Digest() : null;
            var since = new View(kind == BallotKind.Nullify ? reader.U64() : 0);
            byte[] signature = reader.Opaque16(Vote.SignatureSizeMax).ToArray();
            votes[i] = new CertificateVote(voter, companion, signature, since);
        }

        if (reader.Failed || !IsWellFormed(kind, view, block, votes))
        {
            reader.Fail();
            return false;
        }

        certificate = new Certificate(kind, epoch, view, block, votes);
        return true;
    }

    private Ballot BallotOf(CertificateVote vote) => (Kind, vote.Companion) switch
    {
        (BallotKind.Notarize, Digest before) =>
            Ballot.Bundle(Epoch, new View(View.Value - 1), before, Block),
        (BallotKind.Finalize, Digest after) => Ballot.Bundle(Epoch, View, Block, after),
        (BallotKind.Nullify, _) => Ballot.Nullify(Epoch, View, vote.Since),
        _ => new Ballot(Kind, Epoch, View, Block),
    };

    private static bool IsWellFormed(BallotKind kind, View view, Digest block, CertificateVote[] votes)
    {
        bool isNull = kind == BallotKind.Nullify;
        if (kind is not (BallotKind.Notarize or BallotKind.Nullify or BallotKind.Finalize)
            || view.Value is 0 or ulong.MaxValue || (isNull && block != default)
            || votes.Length is 0 or > ValidatorSet.CountMax)
        {
            return false;
        }

        int before = -1;
        foreach (CertificateVote vote in votes)
        {
            // A bundle that notarizes in view v finalizes in v - 1, which must be a view that is voted on.
            bool mayBundle = !isNull && (kind == BallotKind.Finalize || view.Value > 1);
            bool isSince = isNull ? vote.Since.Value > 0 && vote.Since <= view : vote.Since == default;
            if (vote.Voter <= before || vote.Voter >= ValidatorSet.CountMax || vote.Signature.IsEmpty || !isSince
                || (vote.Companion is not null && !mayBundle))
            {
                return false;
            }

            before = vote.Voter;
        }

        return true;
    }
}
