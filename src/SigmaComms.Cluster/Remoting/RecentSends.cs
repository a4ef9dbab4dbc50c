using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>
/// The last messages to a peer, so that a refusal of one finds what was sent. The caller holds the peer's gate.
/// </summary>
internal sealed class RecentSends
{
    public const int Kept = 1_024;

    private readonly Outgoing[] _ring = new Outgoing[Kept];

    public void Note(ulong number, Outgoing sent) => _ring[number % Kept] = sent;

    /// <summary>What was sent under a number, once; false if it is too long ago.</summary>
    public bool TryTake(ulong number, out Outgoing sent)
    {
        ref Outgoing entry = ref _ring[number % Kept];
        sent = entry;
        bool found = entry.Item is ActorItem.Sent message && message.Number == number;
        if (found)
        {
            entry = default;
        }

        return found;
    }

    public void Clear() => Array.Clear(_ring);
}
