using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Guards;

/// <summary>Everything that one slot of the guard's file remembers. Immutable.</summary>
/// <param name="Sequence">Counts what was written, from 1.</param>
/// <param name="Cluster">The cluster for which is voted.</param>
/// <param name="Epoch">The only epoch in which is voted.</param>
/// <param name="Incarnation">The incarnation under which is voted.</param>
/// <param name="HasRenounced">Whether this incarnation votes no more in this epoch.</param>
/// <param name="Floor">Of this view and all before nothing is signed.</param>
/// <param name="LogSynced">Up to where the write-ahead log surely was synced.</param>
/// <param name="Views">What was said of the views after the floor, in order; at most 32.</param>
internal sealed record GuardMemory(
    ulong Sequence, Digest Cluster, Epoch Epoch, uint Incarnation, bool HasRenounced, View Floor,
    WalPosition LogSynced, IReadOnlyList<ViewVotes> Views)
{
    /// <summary>Views that are remembered: 32. Older ones get no more votes.</summary>
    public const int ViewsMax = 32;

    /// <summary>The copy of the turn that stands beside the slot, of a turn with a new finalize.</summary>
    public CopyMark Copy { get; init; }

    /// <summary>Whether nothing was ever admitted.</summary>
    public bool IsBlank => Views.Count == 0 && Floor.Value == 0 && !HasRenounced;

    /// <summary>What the rules say of a statement.</summary>
    public GuardVerdict Judge(in Statement statement)
    {
        if (HasRenounced)
        {
            return GuardVerdict.NotVoting;
        }

        if (statement.Epoch != Epoch)
        {
            return GuardVerdict.OtherEpoch;
        }

        bool isTooOld = statement.View <= Floor
            || (Views.Count == ViewsMax && statement.View < Views[0].View);
        return isTooOld ? GuardVerdict.TooOld : VotesOf(statement.View).Judge(statement);
    }

    /// <summary>Remembers a statement that was admitted.</summary>
    public GuardMemory With(in Statement statement)
    {
        Invariant.Holds(Judge(statement) is GuardVerdict.Admitted or GuardVerdict.Known);
        return Replace(VotesOf(statement.View).With(statement));
    }

    /// <summary>Remembers a statement of this epoch that was made, whatever the rules say.</summary>
    public GuardMemory Join(in Statement statement) =>
        statement.View <= Floor ? this : Replace(VotesOf(statement.View).Join(statement));

    /// <summary>Whether there is a finalize that another memory has not.</summary>
    public bool HasNewFinalize(GuardMemory older) =>
        Views.Any(votes => votes.WithoutFinalizeUnlessIn(older.VotesOf(votes.View)) != votes);

    /// <summary>
    /// Forgets a finalize of a turn that was cut off: this slot has it, and neither the log nor the copy beside the
    /// slot has the turn. All three were to be durable before it was signed, and one damage spoils one of them. The
    /// certificate that allowed it is lost with the turn, so to keep the finalize would bar both ways out of the view,
    /// and one silent liar could make that last for ever.
    /// </summary>
    /// <param name="older">The slot before.</param>
    public GuardMemory WithoutCutOff(GuardMemory older)
    {
        bool isBefore = older.Sequence + 1 == Sequence && older.Cluster == Cluster && older.Epoch == Epoch
            && older.Incarnation == Incarnation;
        return isBefore
            ? this with { Views = [.. Views.Select(votes => votes.WithoutFinalizeUnlessIn(older.VotesOf(votes.View)))] }
            : this;
    }

    private ViewVotes VotesOf(View view)
    {
        foreach (ViewVotes votes in Views)
        {
            if (votes.View == view)
            {
                return votes;
            }
        }

        return new ViewVotes(view, 0, default, default, default);
    }

    private GuardMemory Replace(ViewVotes changed)
    {
        List<ViewVotes> views = [.. Views.Where(votes => votes.View != changed.View), changed];
        views.Sort((a, b) => a.View.CompareTo(b.View));
        View floor = Floor;
        if (views.Count > ViewsMax)
        {
            floor = views[0].View;
            views.RemoveAt(0);
        }

        return this with { Floor = floor, Views = views };
    }
}
