using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>One sealed message that waits for the cluster or for the peer's receipt.</summary>
/// <param name="id">Names the message.</param>
/// <param name="kind">What it carries.</param>
/// <param name="counter">Its place in the conversation; 0 for a receipt.</param>
/// <param name="sealedBytes">The ciphertext, the same at every attempt.</param>
internal sealed class OutboxEntry(Digest16 id, EnvelopeKind kind, ulong counter, ReadOnlyMemory<byte> sealedBytes)
{
    /// <summary>Names the message.</summary>
    public Digest16 Id { get; } = id;

    /// <summary>What it carries.</summary>
    public EnvelopeKind Kind { get; } = kind;

    /// <summary>Its place in the conversation; 0 for a receipt.</summary>
    public ulong Counter { get; } = counter;

    /// <summary>The ciphertext, the same at every attempt.</summary>
    public ReadOnlyMemory<byte> Sealed { get; } = sealedBytes;

    /// <summary>When the cluster had it on two nodes, in milliseconds since 1970; null before.</summary>
    public long? AcceptedUnixMs { get; set; }

    /// <summary>Whether an attempt is under way on the present link. Not durable.</summary>
    public bool InFlight { get; set; }
}
