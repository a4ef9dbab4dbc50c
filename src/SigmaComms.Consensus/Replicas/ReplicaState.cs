using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>All that a replica knows. The rules work on it, each concern in its own file.</summary>
internal sealed class ReplicaState
{
    /// <summary>How many views ahead votes are kept.</summary>
    public const ulong VotesAheadMax = 128;

    /// <summary>How many views ahead proposals are kept; what is further ahead is asked for later.</summary>
    public const ulong ProposalsAheadMax = 8;

    /// <summary>How many past views keep proposals that were not notarized.</summary>
    public const ulong ProposalsBehindMax = 8;

    /// <summary>
    /// How many past views are remembered whole, as in the vote guard. What is older is finalized no more, and of it is
    /// kept only what proposals need: the highest block to build on, and what shows later views to be nullified.
    /// </summary>
    public const ulong ViewsBehindMax = 32;

    /// <summary>The most steps by which time-outs grow: D0 times 1.5 to this power.</summary>
    public const int BackOffMax = 8;

    // Whether a block became final since the current view was entered.
    private bool _hasFinalBlock;

    public ReplicaState(ReplicaOptions options, Foundation foundation)
    {
        Options = options;
        Tree = new BlockTree(foundation);
        Pool = new CommandPool(options);
        Validators = foundation.Ledger.Validators;
        Final = foundation.Ledger;
        EnterEpoch(foundation);
    }

    public ReplicaOptions Options { get; }

    public Outbox Outbox { get; } = new();

    public BlockTree Tree { get; }

    public CommandPool Pool { get; }

    public Ledgers.Ledger Final { get; set; }

    /// <summary>The time of the step, UTC ticks.</summary>
    public long Now { get; set; }

    // ---- The epoch.
    public ValidatorSet Validators { get; private set; }

    public Epoch Epoch => Validators.Epoch;

    /// <summary>This node's place, or -1.</summary>
    public int Self { get; private set; } = -1;

    /// <summary>Whether this node votes: it has a place, under this incarnation.</summary>
    public bool IsVoting { get; private set; }

    /// <summary>A bit for each validator and kind that was accused in this epoch already.</summary>
    public HashSet<(byte Accused, Misbehaviour Kind)> Accused { get; } = [];

    /// <summary>Nodes that the failure detector thinks gone.</summary>
    public HashSet<NodeId> Gone { get; } = [];

    // ---- Views.
    /// <summary>Every view from the last final one on of which anything is known.</summary>
    public SortedDictionary<ulong, ViewState> Views { get; } = [];

    /// <summary>The current view.</summary>
    public View View { get; private set; }

    /// <summary>The view of the last final block in this epoch; 0 at its beginning.</summary>
    public View FinalView { get; private set; }

    /// <summary>The highest view with a certificate.</summary>
    public View CertifiedView { get; set; }

    /// <summary>The certificate by which the current view was entered.</summary>
    public Certificate? Entry { get; private set; }

    /// <summary>
    /// k of the pacemaker: one more with each view that is entered without a new final block since the last one was,
    /// one less with each that had one. What is only notarized does not count: it comes without an honest leader too.
    /// </summary>
    public int BackOff { get; private set; }

    /// <summary>The highest view in which this replica cast a finalize.</summary>
    public View FinalizeCast { get; set; }

    /// <summary>Views with a notarization that this replica has neither finalized nor nullified.</summary>
    public SortedSet<ulong> FinalizeDue { get; } = [];

    /// <summary>The view whose finalize waits for the current view's proposal, if any.</summary>
    public View? FinalizeHeld { get; set; }

    /// <summary>Whether a finalize waits for the current view's proposal no longer.</summary>
    public bool IsBundleTimeOver { get; set; }

    /// <summary>Of each validator, how often its proposal did not come in time, and how many turns that costs it.
    /// </summary>
    public (int Misses, int Skips)[] Doubts { get; private set; } = [];

    /// <summary>The highest finalization whose blocks are not all there.</summary>
    public Certificate? Finalization { get; set; }

    // ---- Waiting.

    /// <summary>Whether the view's time for a proposal is over and only the rest of its time runs.</summary>
    public bool IsProposalTimeOver { get; set; }

    /// <summary>Whether this leader waited long enough for the tail to become final by itself.</summary>
    public bool IsTailDue { get; set; }

    /// <summary>Whether this leader waited long enough for more commands.</summary>
    public bool IsPatienceOver { get; set; }

    /// <summary>How often votes were sent again in this view.</summary>
    public int Retries { get; set; }

    /// <summary>Whether the view was entered so lately that nothing of it needs to be sent again yet.</summary>
    public bool IsFresh { get; set; }

    /// <summary>A bit for each validator that said in this view of this replica that it is still in the one before.
    /// </summary>
    public ulong SaidBehind { get; set; }

    // ---- What is missing.

    /// <summary>Blocks that were asked for; no other comes in without its leader's signature.</summary>
    public SortedSet<Digest> Wanted { get; } = [];

    /// <summary>Whether this leader does not hold all that its proposal needs.</summary>
    public bool IsParentMissing { get; set; }

    /// <summary>The highest view that each validator said it left, and by what.</summary>
    public Message.Have?[] Heard { get; private set; } = [];

    /// <summary>A bit for each validator that had said so when was asked last: its votes had time to come.</summary>
    public ulong HeardBefore { get; set; }

    /// <summary>Nodes that say they have more final blocks, how many, and how often they were asked in vain.</summary>
    public SortedDictionary<NodeId, (Height Height, int Tries)> Ahead { get; } = [];

    /// <summary>Who of them was asked last.</summary>
    public NodeId LastAsked { get; set; }

    /// <summary>How often was asked since something is missing; turns the order of the peers.</summary>
    public int Pulls { get; set; }

    /// <summary>The oldest view that is remembered whole; nothing is said of an older one any more.</summary>
    public View OldestWhole => new(View.Value > ViewsBehindMax ? View.Value - ViewsBehindMax : 0);

    public bool IsLeader => IsVoting && Validators.LeaderOf(View) == Self;

    public ViewState ViewOf(View view)
    {
        if (!Views.TryGetValue(view.Value, out ViewState? state))
        {
            state = new ViewState(view, Validators.Count);
            Views.Add(view.Value, state);
        }

        return state;
    }

    public ViewState? FindView(View view) => Views.GetValueOrDefault(view.Value);

    /// <summary>Moves on; a replica never goes back.</summary>
    public void EnterView(View view, Certificate entry)
    {
        Invariant.Holds(view > View && entry.View.Next == view);
        BackOff = _hasFinalBlock ? BackOff : Math.Min(BackOff + 1, BackOffMax);
        View = view;
        Entry = entry;
        BeginWaiting();
    }

    /// <summary>Begins an epoch from its first block.</summary>
    public void EnterEpoch(Foundation foundation)
    {
        Validators = foundation.Ledger.Validators;
        Self = Validators.TryIndexOf(Options.Self, out int index) ? index : -1;
        IsVoting = Self >= 0 && Validators[Self].Incarnation == Options.Incarnation;
        FinalView = foundation.Header.Epoch == Epoch ? foundation.Header.View : new View(0);
        View = FinalView.Next;
        CertifiedView = FinalView;
        FinalizeCast = new View(0);
        Entry = null;
        Finalization = null;
        NoteFinalBlock();
        Views.Clear();
        FinalizeDue.Clear();
        Accused.Clear();
        Heard = new Message.Have?[Validators.Count];
        HeardBefore = 0;
        Doubts = new (int Misses, int Skips)[Validators.Count];
        BeginWaiting();
    }

    /// <summary>All up to a view is final: what is below can neither be voted on nor finalized any more.</summary>
    public void SettleAt(View final)
    {
        Invariant.Holds(final > FinalView);
        NoteFinalBlock();
        FinalView = final;
        CertifiedView = final > CertifiedView ? final : CertifiedView;
        List<ulong> old = [];
        foreach (ulong view in Views.Keys)
        {
            if (view >= final.Value)
            {
                break;
            }

            old.Add(view);
        }

        // The view itself stays until the next is final: whoever misses its finalization may pull it.
        foreach (ulong view in old)
        {
            Views.Remove(view);
        }

        FinalizeDue.RemoveWhere(view => view <= final.Value);
        Wanted.Clear();
        if (Finalization is not null && Finalization.View <= final)
        {
            Finalization = null;
        }
    }

    /// <summary>Goes to the view after a block that is known to be final by other means than a certificate.</summary>
    public void EnterAfterFinal()
    {
        if (View <= FinalView)
        {
            View = FinalView.Next;
            Entry = null;
            BeginWaiting();
        }
    }

    // Counted at once and not at the next entry, so that what comes after an idle time does not wait longer for a block
    // that is final long since.
    private void NoteFinalBlock()
    {
        BackOff = _hasFinalBlock ? BackOff : Math.Max(BackOff - 1, 0);
        _hasFinalBlock = true;
    }

    private void BeginWaiting()
    {
        _hasFinalBlock = false;
        IsProposalTimeOver = false;
        IsTailDue = false;
        IsPatienceOver = false;
        IsParentMissing = false;
        FinalizeHeld = null;
        IsBundleTimeOver = false;
        SaidBehind = 0;
        Retries = 0;
        IsFresh = true;
        Outbox.CancelTimer(TimerKind.View);
        Outbox.CancelTimer(TimerKind.Propose);
        Outbox.CancelTimer(TimerKind.Bundle);
    }
}
