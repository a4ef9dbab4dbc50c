using System.Text.Json.Serialization;

namespace SigmaComms.Client.Agent;

/// <summary>How the agent's client is doing: <see cref="ClientStatus"/> in plain values.</summary>
public sealed record AgentStatus
{
    /// <summary>The account's name.</summary>
    public required string Name { get; init; }

    /// <summary>The account's id.</summary>
    public required string Account { get; init; }

    /// <summary>The device's id.</summary>
    public required string Device { get; init; }

    /// <summary>The node it is connected to, or null.</summary>
    public string? Node { get; init; }

    /// <summary>Where the node is, or null.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Why there is no connection, or null.</summary>
    public string? Failure { get; init; }

    /// <summary>Key exchange of the channel, or null.</summary>
    public string? Group { get; init; }

    /// <summary>Cipher suite of the channel, or null.</summary>
    public string? Suite { get; init; }

    /// <summary>Signature scheme of the channel, or null.</summary>
    public string? SignatureScheme { get; init; }

    /// <summary>Bytes of the handshake to the node.</summary>
    public int? HandshakeBytesSent { get; init; }

    /// <summary>Bytes of the handshake from the node.</summary>
    public int? HandshakeBytesReceived { get; init; }

    /// <summary>Duration of the handshake.</summary>
    public double? HandshakeMs { get; init; }

    /// <summary>Links made since the start.</summary>
    public long Connections { get; init; }

    /// <summary>Messages sealed since the start.</summary>
    public long Sent { get; init; }

    /// <summary>Messages that two nodes took since the start.</summary>
    public long Accepted { get; init; }

    /// <summary>Messages that peers confirmed since the start.</summary>
    public long Delivered { get; init; }

    /// <summary>Messages handed to the application since the start.</summary>
    public long Received { get; init; }

    /// <summary>Messages that could not be opened since the start.</summary>
    public long Dropped { get; init; }

    /// <summary>Messages the cluster does not have yet.</summary>
    public int Unaccepted { get; init; }

    /// <summary>Messages without a receipt.</summary>
    public int Undelivered { get; init; }

    /// <summary>Messages the application has not marked.</summary>
    public int Unmarked { get; init; }

    /// <summary>Epoch up to which the control log is verified; null in a cluster without one.</summary>
    public ulong? LogEpoch { get; init; }

    /// <summary>Block up to which the control log is verified.</summary>
    public ulong? LogHeight { get; init; }

    /// <summary>Updates of the key directory up to there.</summary>
    public ulong? LogUpdates { get; init; }

    /// <summary>Proofs that held since the start.</summary>
    public long? ProofsVerified { get; init; }

    /// <summary>Answers about the control log that could not be true, since the start.</summary>
    public long? ProofsRefused { get; init; }

    /// <summary>Whether the present node was taken by a proof of its membership alone.</summary>
    public bool? IsNodeByLog { get; init; }

    /// <summary>Names of the peers.</summary>
    public required IReadOnlyList<string> Contacts { get; init; }

    /// <summary>Names of the peers whose changed identity waits to be accepted.</summary>
    public required IReadOnlyList<string> Changed { get; init; }

    /// <summary>Whether there is a connection.</summary>
    [JsonIgnore]
    public bool IsConnected => Node is not null;

    internal static AgentStatus Of(ClientStatus status) => new()
    {
        Name = status.Name,
        Account = status.Account.ToString(),
        Device = status.Device.ToString(),
        Node = status.NodeName,
        Endpoint = status.Endpoint,
        Failure = status.Failure.Length == 0 ? null : status.Failure,
        Group = status.Handshake?.Group,
        Suite = status.Handshake?.Suite,
        SignatureScheme = status.Handshake?.SignatureScheme,
        HandshakeBytesSent = status.Handshake?.BytesSent,
        HandshakeBytesReceived = status.Handshake?.BytesReceived,
        HandshakeMs = status.Handshake?.Duration.TotalMilliseconds,
        Connections = status.Connections,
        Sent = status.Sent,
        Accepted = status.Accepted,
        Delivered = status.Delivered,
        Received = status.Received,
        Dropped = status.Dropped,
        Unaccepted = status.Unaccepted,
        Undelivered = status.Undelivered,
        Unmarked = status.Unmarked,
        LogEpoch = status.Log?.Epoch,
        LogHeight = status.Log?.Height,
        LogUpdates = status.Log?.Updates,
        ProofsVerified = status.Log?.Verified,
        ProofsRefused = status.Log?.Refused,
        IsNodeByLog = status.Log?.IsNodeByLog,
        Contacts = [.. status.Contacts.Select(static contact => contact.Name)],
        Changed = [.. status.Contacts.Where(static contact => contact.IdentityChanged).Select(static c => c.Name)],
    };
}
