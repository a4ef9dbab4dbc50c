using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>A message that waits for the cluster or the peer's receipt, with what it takes to seal it anew.</summary>
/// <param name="id">Names the message.</param>
/// <param name="kind">What it carries.</param>
/// <param name="counter">Its place in the conversation; 0 for a receipt.</param>
/// <param name="sentUnixMs">When the application sent it.</param>
/// <param name="body">The content, in the clear; empty for a receipt, which is never sealed again.</param>
/// <param name="ciphertext">How it was sealed last.</param>
internal sealed class OutboxEntry(
    Digest16 id,
    EnvelopeKind kind,
    ulong counter,
    ulong sentUnixMs,
    ReadOnlyMemory<byte> body,
    Ciphertext ciphertext)
{
    private const long ProbeFirstMs = 60 * 60 * 1000;
    private const long ProbeLastMs = 24 * ProbeFirstMs;

    /// <summary>Names the message.</summary>
    public Digest16 Id { get; } = id;

    /// <summary>What it carries.</summary>
    public EnvelopeKind Kind { get; } = kind;

    /// <summary>Its place in the conversation; 0 for a receipt.</summary>
    public ulong Counter { get; } = counter;

    /// <summary>When the application sent it.</summary>
    public ulong SentUnixMs { get; } = sentUnixMs;

    /// <summary>The content, in the clear.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>How it was sealed last.</summary>
    public Ciphertext Ciphertext { get; private set; } = ciphertext;

    /// <summary>When the cluster had it on two nodes, in milliseconds since 1970; null before.</summary>
    public long? AcceptedUnixMs { get; set; }

    /// <summary>When to seal it again, because the peer lacks it; null if it does not, or nobody knows.</summary>
    public long? ResendUnixMs { get; set; }

    /// <summary>Whether an attempt is under way on the present link. Not durable.</summary>
    public bool InFlight { get; set; }

    /// <summary>What it takes in memory and journal.</summary>
    public long SizeBytes => Body.Length + Ciphertext.Bytes.Length;

    /// <summary>When to try again on suspicion, if nothing at all is heard; null while the cluster lacks it.</summary>
    public long? ProbeUnixMs =>
        AcceptedUnixMs + Math.Min(ProbeFirstMs << Math.Min(Ciphertext.Attempt, 8), ProbeLastMs);

    /// <summary>It was sealed again.</summary>
    public void Replace(Ciphertext newest)
    {
        Ciphertext = newest;
        AcceptedUnixMs = null;
        ResendUnixMs = null;
        InFlight = false;
    }
}
