using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Evidence;

/// <summary>
/// Shows that a validator broke a rule: its own signatures contradict each other, or its proposal its parent. It is
/// ordered as a command. All kinds but <see cref="Misbehaviour.InvalidBlock"/> are proven by the signatures alone;
/// that one is proven to who executed the parent, so a machine that has not waits for f + 1 validators to say so.
/// </summary>
/// <param name="Kind">The broken rule.</param>
/// <param name="First">A signed vote.</param>
/// <param name="Second">The vote that contradicts it; null where one suffices.</param>
/// <param name="Header">Of an invalid block its header, whose digest the vote proposes; else null.</param>
public sealed record Accusation(Misbehaviour Kind, Vote First, Vote? Second, BlockHeader? Header)
{
    /// <summary>Who is accused: its place in the epoch's set.</summary>
    public byte Accused => First.Voter;

    /// <summary>The epoch in whose set the place is.</summary>
    public Epoch Epoch => First.Ballot.Epoch;

    /// <summary>Whether the parts contradict each other as the kind says. Says nothing about the signatures.</summary>
    /// <param name="validators">The epoch's validators.</param>
    public bool IsSound(ValidatorSet validators)
    {
        if (First.Ballot.Epoch != validators.Epoch || First.Voter >= validators.Count)
        {
            return false;
        }

        uint incarnation = validators[First.Voter].Incarnation;
        if (Kind == Misbehaviour.ForeignIncarnation)
        {
            return First.Incarnation != incarnation && Second is null && Header is null;
        }

        if (Kind == Misbehaviour.InvalidBlock)
        {
            return Second is null && Header is not null && First.Ballot.Kind == BallotKind.Propose
                && First.Ballot == Ballot.Propose(Header.Epoch, Header.View, Header.ComputeDigest());
        }

        return Header is null && Second is not null && Second.Voter == First.Voter
            && Second.Ballot.Epoch == First.Ballot.Epoch && Contradict(First.Ballot, Second.Ballot);
    }

    /// <summary>Encodes the accusation.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new WireWriter(8_192).U8((byte)Kind);
        First.WriteTo(writer);
        writer.Flag(Second is not null);
        Second?.WriteTo(writer);
        writer.Flag(Header is not null);
        Header?.WriteTo(writer);
        return writer.ToArray();
    }

    /// <summary>Reads an accusation. Never throws.</summary>
    /// <param name="bytes">Untrusted bytes.</param>
    /// <param name="accusation">The accusation, or null.</param>
    /// <returns>False if the bytes are not one accusation in its one form.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Accusation? accusation)
    {
        var reader = new WireReader(bytes);
        var kind = (Misbehaviour)reader.U8();
        Vote first = Vote.Read(ref reader);
        Vote? second = reader.Flag() ? Vote.Read(ref reader) : null;
        BlockHeader? header = reader.Flag() ? BlockHeader.Read(ref reader) : null;
        bool ok = reader.AtEnd && kind is >= Misbehaviour.TwoProposals and <= Misbehaviour.TwoFinalizes;
        accusation = ok ? new Accusation(kind, first, second, header) : null;
        return ok;
    }

    private bool Contradict(Ballot first, Ballot second) => Kind switch
    {
        Misbehaviour.TwoProposals => first.Kind == BallotKind.Propose && second.Kind == BallotKind.Propose
            && first.View == second.View && first.Block != second.Block,
        Misbehaviour.TwoNotarizations => first.Notarizes(out View firstView, out Digest firstBlock)
            && second.Notarizes(out View secondView, out Digest secondBlock)
            && firstView == secondView && firstBlock != secondBlock,
        Misbehaviour.TwoFinalizes => first.Finalizes && second.Finalizes && first.View == second.View
            && first.Block != second.Block,
        Misbehaviour.NullifyAndFinalize => first.Kind == BallotKind.Nullify && second.Finalizes
            && first.View == second.View,
        _ => false,
    };
}
