namespace SigmaComms.Cluster.Remoting;

/// <summary>
/// The last messages to a peer, without their bytes, so that a refusal of one finds what was sent. The caller holds
/// the peer's gate.
/// </summary>
internal sealed class RecentSends
{
    public const int Kept = 1_024;
    public const int TicksKept = 30;

    private readonly SentMessage[] _ring = new SentMessage[Kept];
    private int _quietTicks = TicksKept;

    public void Note(SentMessage sent)
    {
        _ring[sent.Number % Kept] = sent;
        _quietTicks = 0;
    }

    /// <summary>A second has passed. Refusals come soon or never: what was sent is not kept for ever.</summary>
    public void Tick()
    {
        if (_quietTicks < TicksKept && ++_quietTicks == TicksKept)
        {
            Clear();
        }
    }

    /// <summary>What was sent under a number, once; false if it is too long ago.</summary>
    public bool TryTake(ulong number, out SentMessage sent)
    {
        ref SentMessage entry = ref _ring[number % Kept];
        sent = entry;
        bool found = number != 0 && entry.Number == number;
        if (found)
        {
            entry = default;
        }

        return found;
    }

    public void Clear() => Array.Clear(_ring);
}
