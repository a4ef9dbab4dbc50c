using SigmaComms.Consensus;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control.Guards;

/// <summary>All that this replica ever said of one view.</summary>
/// <param name="View">The view.</param>
/// <param name="Said">Which of the kinds were said, a bit for each; and whether nothing more may be.</param>
/// <param name="Proposed">The block that was proposed, or zeros.</param>
/// <param name="Notarized">The block that was notarized, or zeros.</param>
/// <param name="Finalized">The block that was finalized, or zeros.</param>
internal readonly record struct ViewVotes(View View, byte Said, Digest Proposed, Digest Notarized, Digest Finalized)
{
    /// <summary>Bytes of its encoding: 105.</summary>
    public const int SizeBytes = 8 + 1 + (3 * Digest.SizeBytes);

    /// <summary>
    /// The bit of a view of which the log and the guard tell different things: it can only be given up any more, and
    /// that only if neither tells of a finalize.
    /// </summary>
    private const byte Closed = 1;

    private const byte AllBits = Closed | (1 << 1) | (1 << 2) | (1 << 3) | (1 << 4);

    /// <summary>What the rules say of one more statement.</summary>
    /// <remarks>
    /// Exactly what peers would hold against this replica: two blocks proposed, notarized or finalized, and both
    /// nullify and finalize. To notarize after a nullify is allowed: it helps others and makes nothing final.
    /// </remarks>
    public GuardVerdict Judge(in Statement statement)
    {
        if ((Said & Closed) != 0)
        {
            return JudgeClosed(statement.Kind);
        }

        if (Has(statement.Kind))
        {
            return BlockOf(statement.Kind) == statement.Block ? GuardVerdict.Known : GuardVerdict.Contradiction;
        }

        bool isOffence = (statement.Kind == VoteKind.Finalize && Has(VoteKind.Nullify))
            || (statement.Kind == VoteKind.Nullify && Has(VoteKind.Finalize));
        return isOffence ? GuardVerdict.Contradiction : GuardVerdict.Admitted;
    }

    /// <summary>Adds a statement that was not refused.</summary>
    public ViewVotes With(in Statement statement)
    {
        ViewVotes votes = this with { Said = (byte)(Said | Bit(statement.Kind)) };
        return statement.Kind switch
        {
            VoteKind.Propose => votes with { Proposed = statement.Block },
            VoteKind.Notarize => votes with { Notarized = statement.Block },
            VoteKind.Finalize => votes with { Finalized = statement.Block },
            _ => votes,
        };
    }

    /// <summary>Adds a statement that was made, whatever the rules say: a contradiction closes the view.</summary>
    public ViewVotes Join(in Statement statement) => Judge(statement) switch
    {
        GuardVerdict.Admitted => With(statement),
        GuardVerdict.Known => this,
        _ => this with { Said = (byte)(Said | Closed | Bit(statement.Kind)) },
    };

    /// <summary>Forgets a finalize that was not said before.</summary>
    public ViewVotes WithoutFinalizeUnlessIn(in ViewVotes before) =>
        Has(VoteKind.Finalize) && !before.Has(VoteKind.Finalize)
            ? this with { Said = (byte)(Said & ~Bit(VoteKind.Finalize)), Finalized = default }
            : this;

    /// <summary>Writes 105 bytes.</summary>
    public void Write(WireWriter writer) =>
        writer.U64(View.Value).U8(Said).Digest(Proposed).Digest(Notarized).Digest(Finalized);

    /// <summary>Reads 105 bytes; the reader fails if they are none.</summary>
    public static ViewVotes Read(ref WireReader reader)
    {
        ViewVotes votes = new(
            new View(reader.U64()), reader.U8(), reader.Digest(), reader.Digest(), reader.Digest());
        if ((votes.Said & ~AllBits) != 0)
        {
            reader.Fail();
        }

        return votes;
    }

    // Which of two blocks was voted for is not known any more, so neither is again. To give the view up contradicts a
    // finalize only; were it barred too, one silent liar would hold the others in the view for ever.
    private GuardVerdict JudgeClosed(VoteKind kind) => kind switch
    {
        VoteKind.Nullify when Has(VoteKind.Finalize) => GuardVerdict.Contradiction,
        VoteKind.Nullify => Has(VoteKind.Nullify) ? GuardVerdict.Known : GuardVerdict.Admitted,
        _ => GuardVerdict.Contradiction,
    };

    private static byte Bit(VoteKind kind) => (byte)(1 << (int)kind);

    private bool Has(VoteKind kind) => (Said & Bit(kind)) != 0;

    private Digest BlockOf(VoteKind kind) => kind switch
    {
        VoteKind.Propose => Proposed,
        VoteKind.Notarize => Notarized,
        VoteKind.Finalize => Finalized,
        _ => default,
    };
}
