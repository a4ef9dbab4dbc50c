namespace SigmaComms.Messaging.Tests.Sessions.Vectors;

/// <summary>One conversation with every secret in it, all bytes in hexadecimal; see tests/vectors/sessions.</summary>
internal sealed record SessionVector
{
    public required string Name { get; init; }

    public required long StartMs { get; init; }

    public required PartyValues Initiator { get; init; }

    public required PartyValues Responder { get; init; }

    public required PrekeyValues Prekeys { get; init; }

    /// <summary>What each side draws from its random source, in order.</summary>
    public required string[] InitiatorDraws { get; init; }

    public required string[] ResponderDraws { get; init; }

    public required HandshakeValues Handshake { get; init; }

    public required MessageValues[] Messages { get; init; }

    public required string SafetyNumber { get; init; }
}
