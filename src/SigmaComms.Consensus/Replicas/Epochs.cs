using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>The next epoch begins from the final block that ends this one.</summary>
internal static class Epochs
{
    public static void Begin(ReplicaState state, BlockNode last)
    {
        Invariant.Holds(last.Header.IsEpochEnd && last.Header.Epoch == state.Epoch);
        Invariant.Holds(last.Ledger is not null && last.History is not null);
        ValidatorSet before = state.Validators;
        Ledger ledger = last.Ledger.BeginEpoch();
        Enter(state, new Foundation(last.Header, ledger, last.History));
        state.Outbox.Persist(new WalRecord.EpochStarted(state.Epoch, last.Digest));
        state.Outbox.Add(new Effect.EpochBegan(state.Validators));
        TellOf(state, before);
    }

    /// <summary>Goes on from a block that the host verified.</summary>
    public static void Adopt(ReplicaState state, Foundation foundation)
    {
        if (foundation.Header.Height <= state.Tree.Root.Header.Height)
        {
            return;
        }

        if (foundation.Ledger.Validators.Epoch != state.Epoch)
        {
            Invariant.Holds(foundation.Ledger.Validators.Epoch > state.Epoch);
            Enter(state, foundation);
            state.Outbox.Add(new Effect.EpochBegan(state.Validators));
            return;
        }

        // The own votes of this epoch stay: they bind in views after the block. So do blocks that may follow it.
        state.Tree.Advance(new BlockNode(foundation));
        state.Final = foundation.Ledger;
        state.SettleAt(foundation.Header.View);
        state.EnterAfterFinal();
        state.Pool.Sweep(state.Final);
        state.Pool.Recognize(state.Final);
    }

    private static void Enter(ReplicaState state, Foundation foundation)
    {
        state.Tree.Restart(foundation);
        state.Final = foundation.Ledger;
        state.Wanted.Clear();
        state.EnterEpoch(foundation);
        state.Pool.Sweep(state.Final);
        state.Pool.Recognize(state.Final);
    }

    // Members of the epoch that ended may miss its end, and those of the new one its beginning.
    private static void TellOf(ReplicaState state, ValidatorSet before)
    {
        Message.Status status = CatchingUp.StatusOf(state, isAnswer: false);
        state.Outbox.Add(new Effect.Broadcast(status));
        foreach (Validator validator in before.Members)
        {
            if (validator.Node != state.Options.Self && !state.Validators.TryIndexOf(validator.Node, out _))
            {
                state.Outbox.Add(new Effect.Send(validator.Node, status));
            }
        }
    }
}
