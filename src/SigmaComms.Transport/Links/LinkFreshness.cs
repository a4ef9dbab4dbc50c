using System.IO.Pipelines;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>How the dialling side of a long link makes connections that take over, each with a new handshake.</summary>
public sealed record LinkFreshness
{
    /// <summary>A new handshake every 15 minutes.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The longest age of a handshake. A link that cannot be renewed for four times as long is closed.
    /// </summary>
    public TimeSpan Interval { get; init; } = DefaultInterval;

    /// <summary>Makes a secured connection to the same place; gives who proved to be there.</summary>
    public required Func<CancellationToken, ValueTask<(IDuplexPipe Pipe, NodeId Peer)>> DialAsync { get; init; }

    /// <summary>Judges the peer's answer; throws <see cref="LinkException"/> if it may not go on.</summary>
    public required Action<Welcome> Check { get; init; }

    /// <summary>This node's encoded admission; empty for a client.</summary>
    public ReadOnlyMemory<byte> Admission { get; init; }

    /// <summary>Where tokens come from, and what spreads the renewals of many links.</summary>
    public required IRandomSource Random { get; init; }
}
