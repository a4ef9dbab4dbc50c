using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>
/// Steps that are neither lost nor doubled nor reordered between two processes: numbered, sent again until they are
/// acknowledged, and taken only in their order. The caller holds the peer's gate.
/// </summary>
internal sealed class StepLedger
{
    /// <summary>Steps that may wait; a peer that acknowledges none of so many does not follow.</summary>
    public const int UnacknowledgedMax = 131_072;

    private readonly Queue<ActorItem.Step> _sent = new();
    private ulong _last;
    private ulong _taken;

    /// <summary>Steps that the peer has not acknowledged, in order.</summary>
    public IReadOnlyCollection<ActorItem.Step> Unacknowledged => _sent;

    /// <summary>The last step of the peer that was taken.</summary>
    public ulong Taken => _taken;

    /// <summary>Whether the peer has stopped following.</summary>
    public bool IsOverdrawn => _sent.Count >= UnacknowledgedMax;

    public ActorItem.Step Next(ActorStep what, ulong actor)
    {
        var step = new ActorItem.Step(++_last, what, actor);
        _sent.Enqueue(step);
        return step;
    }

    /// <summary>The peer has taken all up to one.</summary>
    public void Acknowledge(ulong sequence)
    {
        while (_sent.TryPeek(out ActorItem.Step? oldest) && oldest.Sequence <= sequence)
        {
            _sent.Dequeue();
        }
    }

    /// <summary>Whether a step of the peer is the next one; anything else was taken before, or comes again.</summary>
    public bool TryTake(ulong sequence)
    {
        if (sequence != _taken + 1)
        {
            return false;
        }

        _taken = sequence;
        return true;
    }

    public void Clear()
    {
        _sent.Clear();
        _last = 0;
        _taken = 0;
    }
}
