using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>
/// Runs of nullified views. A nullify names the run before it, so that the last nullification of a run shows all of it;
/// what came before it is forgotten, however long the run is.
/// </summary>
internal static class Skipping
{
    /// <summary>The first view of the nullified run that ends before the current view; else this one.</summary>
    public static View NullifiedSince(ReplicaState state)
    {
        ulong since = state.View.Value;
        foreach (ViewState view in state.Views.Values.Reverse())
        {
            if (view.View.Value + 1 < since)
            {
                break;
            }

            since = Extended(view, since);
        }

        return new View(since);
    }

    /// <summary>
    /// Whether every view between one and the current one is nullified; who skips a view without proof forks the log.
    /// </summary>
    public static bool AreNullified(ReplicaState state, View after) =>
        after.Next >= state.View || NullifiedSince(state) <= after.Next;

    /// <summary>The highest notarized block with a nullification of every view after it; null if not held.</summary>
    public static BlockNode? FindParent(ReplicaState state, out View parentView)
    {
        ulong since = state.View.Value;
        foreach (ViewState view in state.Views.Values.Reverse())
        {
            if (view.View <= state.FinalView)
            {
                break;
            }

            if (view.View.Value + 1 < since)
            {
                parentView = default;
                return null;
            }

            if (view.View < state.View && FindWhole(state, view) is BlockNode node)
            {
                parentView = view.View;
                return node;
            }

            since = Extended(view, since);
        }

        parentView = state.FinalView;
        return since <= state.FinalView.Value + 1 ? state.Tree.Root : null;
    }

    /// <summary>Whether the certificate of a view that is not remembered whole brings a proposal nearer.</summary>
    public static bool IsOfUse(ReplicaState state, Certificate certificate)
    {
        switch (certificate.Kind)
        {
            case BallotKind.Finalize:
                return state.Finalization is null || certificate.View > state.Finalization.View
                    || IsWhole(state, certificate.Block);
            case BallotKind.Notarize:
                return certificate.View > HighestWhole(state) || IsParentOfCandidate(state, certificate);
            default:
                View since = NullifiedSince(state);
                return certificate.View.Next >= since && certificate.FirstNullified(state.Validators) < since;
        }
    }

    /// <summary>The nullification that shows a view and the most before it to be nullified, or null.</summary>
    public static Certificate? CoverOf(ReplicaState state, View covered)
    {
        Certificate? best = null;
        View since = covered.Next;
        foreach (ViewState view in state.Views.Values)
        {
            if (view.View >= covered && view.Nullification is not null && view.NullifiedSince < since)
            {
                (best, since) = (view.Nullification, view.NullifiedSince);
            }
        }

        return best;
    }

    /// <summary>Forgets of old views what no honest leader's proposal needs.</summary>
    public static void ForgetOld(ReplicaState state)
    {
        View oldest = state.OldestWhole;
        if (state.Views.Count == 0 || new View(state.Views.Keys.First()) >= oldest)
        {
            return;
        }

        View parent = HighestWhole(state);
        ulong shown = ulong.MaxValue;
        ulong open = 0;
        List<ulong> old = [];
        foreach (ViewState view in state.Views.Values.Reverse())
        {
            bool isWhole = view.View >= oldest || view.View <= state.FinalView;
            bool isRun = view.Nullification is not null && view.View > parent && view.NullifiedSince.Value < shown;
            bool isNamed = view.View == parent || view.View == state.Finalization?.View
                || (view.Finalization is Certificate finalization && IsWhole(state, finalization.Block));
            bool isOpen = view.CertifiedBlock is not null && view.View > parent;
            if (!isWhole && !isRun && !isNamed && !(isOpen && open++ < ReplicaState.ViewsBehindMax))
            {
                old.Add(view.View.Value);
                continue;
            }

            shown = view.Nullification is null ? shown : Math.Min(shown, view.NullifiedSince.Value);
        }

        foreach (ulong view in old)
        {
            state.Views.Remove(view);
        }

        // Who no longer knows whether it gave a view up does not finalize it.
        state.FinalizeDue.RemoveWhere(view => view < oldest.Value);
    }

    private static ulong Extended(ViewState view, ulong since) =>
        view.Nullification is null ? since : Math.Min(since, view.NullifiedSince.Value);

    private static View HighestWhole(ReplicaState state)
    {
        foreach (ViewState view in state.Views.Values.Reverse())
        {
            if (view.View > state.FinalView && view.View < state.View && FindWhole(state, view) is not null)
            {
                return view.View;
            }
        }

        return state.FinalView;
    }

    private static BlockNode? FindWhole(ReplicaState state, ViewState view) =>
        view.CertifiedBlock is Digest block && IsWhole(state, block) ? state.Tree.Find(block) : null;

    private static bool IsWhole(ReplicaState state, Digest block) =>
        state.Tree.Find(block) is BlockNode node
        && state.Tree.Judge(node, state.Epoch, out _) == Validity.Valid;

    private static bool IsParentOfCandidate(ReplicaState state, Certificate certificate) =>
        state.FindView(state.View) is ViewState { Proposals.Count: > 0 } current
        && current.Proposals[0].Block.Header is var header
        && header.ParentView == certificate.View && header.Parent == certificate.Block;
}
