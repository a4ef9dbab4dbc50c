using SigmaComms.Actors.Breakers;

namespace SigmaComms.Actors.Health;

/// <summary>One actor's health at a moment, read without its help.</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Type">Name of its class.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Depth">Messages in its mailbox.</param>
/// <param name="Capacity">Messages that its mailbox holds.</param>
/// <param name="OldestMessageAge">How long the oldest message has been waiting, or zero.</param>
/// <param name="Processed">Messages handled in its life.</param>
/// <param name="FailuresInWindow">Failures in the last five minutes.</param>
/// <param name="Restarts">Restarts in its life.</param>
/// <param name="Dropped">Messages that its full mailbox refused.</param>
/// <param name="LongestHandler">The longest that a handler held its thread, in steps of ten milliseconds.</param>
/// <param name="HoldingFor">How long the handler that runs now holds its thread; zero up to 100 ms.</param>
/// <param name="LastError">Type and message of the last failure, or null.</param>
/// <param name="LastErrorAt">When that was, or null.</param>
/// <param name="GaveUpAt">When it last gave a child up that failed too often, or null.</param>
/// <param name="Breakers">Its breakers.</param>
/// <param name="Children">Its children.</param>
/// <param name="Own">Whether it does its work, its children aside.</param>
public sealed record ActorSnapshot(
    ActorPath Path,
    string Type,
    ActorState State,
    int Depth,
    int Capacity,
    TimeSpan OldestMessageAge,
    long Processed,
    int FailuresInWindow,
    int Restarts,
    long Dropped,
    TimeSpan LongestHandler,
    TimeSpan HoldingFor,
    string? LastError,
    DateTimeOffset? LastErrorAt,
    DateTimeOffset? GaveUpAt,
    IReadOnlyList<BreakerSnapshot> Breakers,
    IReadOnlyList<ActorSnapshot> Children,
    Verdict Own)
{
    /// <summary>Bytes of the messages in its mailbox; zero if it is not bounded in bytes.</summary>
    public long MailboxBytes { get; init; }

    /// <summary>Bytes that its mailbox holds, or null if it is not bounded in bytes.</summary>
    public long? MailboxBytesMax { get; init; }

    /// <summary>The worst of its own and its children's.</summary>
    public Verdict Verdict => Children.Aggregate(Own, static (worst, child) =>
        child.Verdict > worst ? child.Verdict : worst);
}
