using SigmaComms.Consensus;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>
/// The effects of one turn, sorted by when they may happen: what the disk must have first, and what may leave the node
/// only after that. The order within each kind stays.
/// </summary>
/// <param name="validators">Who votes when the turn begins.</param>
internal sealed class TurnPlan(ValidatorSet validators)
{
    private readonly List<DiskStep> _steps = [];
    private readonly List<(Effect Effect, ValidatorSet Validators)> _after = [];
    private readonly List<Effect.Commit> _commits = [];
    private readonly List<Effect.SetTimer> _timers = [];

    /// <summary>Who votes when the turn ends.</summary>
    public ValidatorSet Validators { get; private set; } = validators;

    /// <summary>Whether an epoch began.</summary>
    public bool HasEpochBegun { get; private set; }

    /// <summary>What the disk must have.</summary>
    public IReadOnlyList<DiskStep> Steps => _steps;

    /// <summary>What may happen after that, and among whom.</summary>
    public IReadOnlyList<(Effect Effect, ValidatorSet Validators)> After => _after;

    /// <summary>
    /// What is final: no longer in doubt whatever this disk does, as a quorum has its finalize votes durable.
    /// </summary>
    public IReadOnlyList<Effect.Commit> Commits => _commits;

    /// <summary>The snapshot of other nodes that the replica goes on from; null if none.</summary>
    public Foundation? Adopted { get; private set; }

    /// <summary>
    /// Whether nothing leaves that rests on what the turn writes: what is final, above all, which a quorum has durable.
    /// It stands in the log before whatever the next turn says, so it need not have a sync of its own.
    /// </summary>
    public bool MayWait => _after.Count == 0 && !HasEpochBegun && Adopted is null
        && !_steps.Exists(step => step is DiskStep.Begin or DiskStep.Compact);

    /// <summary>The timers to set.</summary>
    public IReadOnlyList<Effect.SetTimer> Timers => _timers;

    /// <summary>Adds what the disk must have besides effects.</summary>
    public void Add(DiskStep step) => _steps.Add(step);

    /// <summary>The replica goes on from a snapshot of other nodes.</summary>
    public void Adopt(Foundation snapshot, IReadOnlyList<WalRecord> liveRecords)
    {
        Adopted = snapshot;
        _steps.Add(new DiskStep.Compact(snapshot, liveRecords));
    }

    /// <summary>What an epoch that began in this turn begins from.</summary>
    public Foundation EpochStart()
    {
        Foundation? start = _commits.Count > 0 ? _commits[^1].Blocks[^1].ToFoundation() : null;
        start = Adopted is { } adopted && !(start?.Header.Height > adopted.Header.Height) ? adopted : start;
        Invariant.Holds(HasEpochBegun && start is not null);
        return start;
    }

    /// <summary>Keeps a snapshot after the turn's last final block, and drops what it replaces.</summary>
    /// <param name="liveRecords">What is needed beside it.</param>
    public void Compact(IReadOnlyList<WalRecord> liveRecords)
    {
        int last = _steps.FindLastIndex(step => step is DiskStep.Store);
        var store = (DiskStep.Store)_steps[last];
        _steps[last] = store with { IsKept = true };
        _steps.Add(new DiskStep.Compact(store.Blocks[^1].ToFoundation(), liveRecords));
    }

    /// <summary>Adds the effects of one step of the core.</summary>
    public void Add(IReadOnlyList<Effect> effects)
    {
        foreach (Effect effect in effects)
        {
            Add(effect);
        }
    }

    private void Add(Effect effect)
    {
        switch (effect)
        {
            case Effect.Persist persist:
                _steps.Add(new DiskStep.Keep(persist.Record));
                break;
            case Effect.SignAndBroadcast sign:
                _steps.Add(new DiskStep.Admit(sign.Ballot));
                _after.Add((effect, Validators));
                break;
            case Effect.SignAndPropose sign:
                _steps.Add(new DiskStep.Admit(sign.Ballot));
                _after.Add((effect, Validators));
                break;
            case Effect.Commit commit:
                _steps.Add(new DiskStep.Store(commit.Blocks, commit.Proof, IsKept: false));
                _commits.Add(commit);
                break;
            case Effect.EpochBegan began:
                Validators = began.Validators;
                HasEpochBegun = true;
                _steps.Add(new DiskStep.Begin(began.Validators));
                break;
            case Effect.SetTimer timer:
                _timers.Add(timer);
                break;
            default:
                _after.Add((effect, Validators));
                break;
        }
    }
}
