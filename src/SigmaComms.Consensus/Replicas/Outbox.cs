using SigmaComms.Consensus.Recovery;

namespace SigmaComms.Consensus.Replicas;

/// <summary>The effects of one step in their order, and the timers that run.</summary>
internal sealed class Outbox
{
    private readonly ulong[] _generations = new ulong[(int)TimerKind.Bundle + 1];
    private readonly bool[] _running = new bool[(int)TimerKind.Bundle + 1];
    private List<Effect> _effects = [];

    /// <summary>While records are read again nothing is written, sent or set.</summary>
    public bool IsMuted { get; set; }

    public void Add(Effect effect)
    {
        if (!IsMuted || effect is Effect.Commit)
        {
            _effects.Add(effect);
        }
    }

    public void Persist(WalRecord record) => Add(new Effect.Persist(record));

    public bool IsRunning(TimerKind kind) => _running[(int)kind];

    public void SetTimer(TimerKind kind, TimeSpan after)
    {
        if (IsMuted)
        {
            return;
        }

        _running[(int)kind] = true;
        Add(new Effect.SetTimer(kind, ++_generations[(int)kind], after));
    }

    /// <summary>A timer that still comes is ignored.</summary>
    public void CancelTimer(TimerKind kind)
    {
        _generations[(int)kind]++;
        _running[(int)kind] = false;
    }

    /// <summary>Whether a timer that came is the one that was set last.</summary>
    public bool TryEndTimer(TimerKind kind, ulong generation)
    {
        if (kind is < TimerKind.View or > TimerKind.Bundle || !_running[(int)kind]
            || _generations[(int)kind] != generation)
        {
            return false;
        }

        _running[(int)kind] = false;
        return true;
    }

    public IReadOnlyList<Effect> Take()
    {
        List<Effect> taken = _effects;
        _effects = [];
        return taken;
    }
}
