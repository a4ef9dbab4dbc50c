using SigmaComms.Client.Contacts;
using SigmaComms.Client.Links;
using SigmaComms.Client.Transparency;
using SigmaComms.Cryptography;

namespace SigmaComms.Client;

/// <summary>How a client is doing.</summary>
public sealed record ClientStatus
{
    /// <summary>The account's name.</summary>
    public required string Name { get; init; }

    /// <summary>The account.</summary>
    public required NodeId Account { get; init; }

    /// <summary>This device.</summary>
    public required NodeId Device { get; init; }

    /// <summary>The node it is connected to; null if it is not.</summary>
    public required string? NodeName { get; init; }

    /// <summary>Where that node is; null if there is none.</summary>
    public required string? Endpoint { get; init; }

    /// <summary>What the channel to it negotiated; null if there is none.</summary>
    public required LinkHandshake? Handshake { get; init; }

    /// <summary>Why there is no connection; empty if there is one.</summary>
    public required string Failure { get; init; }

    /// <summary>Links made since the start.</summary>
    public required long Connections { get; init; }

    /// <summary>Messages sealed since the start.</summary>
    public required long Sent { get; init; }

    /// <summary>Messages that two nodes took since the start.</summary>
    public required long Accepted { get; init; }

    /// <summary>Messages that peers confirmed since the start.</summary>
    public required long Delivered { get; init; }

    /// <summary>Messages handed to the application since the start.</summary>
    public required long Received { get; init; }

    /// <summary>Messages that could not be opened since the start.</summary>
    public required long Dropped { get; init; }

    /// <summary>Messages the cluster does not have yet.</summary>
    public required int Unaccepted { get; init; }

    /// <summary>Messages without a receipt.</summary>
    public required int Undelivered { get; init; }

    /// <summary>Messages the application has not marked.</summary>
    public required int Unmarked { get; init; }

    /// <summary>What is verified of the control log; null in a cluster without one.</summary>
    public LogProofs? Log { get; init; }

    /// <summary>Who is known.</summary>
    public required IReadOnlyList<ContactSummary> Contacts { get; init; }
}
