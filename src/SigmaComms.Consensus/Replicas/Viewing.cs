using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>Rules 4, 5 and 7: a certificate of the current view, or a later one, opens the view after it.</summary>
internal static class Viewing
{
    public static bool TryAdvance(ReplicaState state)
    {
        if (state.CertifiedView < state.View)
        {
            return false;
        }

        ViewState left = state.ViewOf(state.CertifiedView);
        Certificate? exit = left.Exit;
        Invariant.Holds(exit is not null);
        state.EnterView(left.View.Next, exit);
        Announce(state, left.Notarization);
        Announce(state, left.Nullification);
        DropOldProposals(state);
        Skipping.ForgetOld(state);
        return true;
    }

    private static void Announce(ReplicaState state, Certificate? certificate)
    {
        if (certificate is not null && state.IsVoting)
        {
            state.Outbox.Add(new Effect.Broadcast(new Message.Have(
                certificate.Kind, certificate.Epoch, certificate.View, certificate.Block, certificate.Voters)));
        }
    }

    // A proposal that was not notarized is seldom needed again, and then it is asked for. Nor is one that is notarized
    // and out of reach: honest voters have final blocks that are missing here, and it comes after these. Until then all
    // that the others do would be kept here.
    private static void DropOldProposals(ReplicaState state)
    {
        if (state.View.Value <= ReplicaState.ProposalsBehindMax)
        {
            return;
        }

        var old = new View(state.View.Value - ReplicaState.ProposalsBehindMax);
        foreach (ViewState view in state.Views.Values)
        {
            if (view.View >= old)
            {
                break;
            }

            foreach ((Vote? _, Blocks.Block block) in view.Proposals)
            {
                if (view.CertifiedBlock != block.Digest || !Voting.IsInReach(state, block))
                {
                    state.Tree.Drop(block.Digest);
                }
            }

            view.DropProposals();
        }
    }
}
