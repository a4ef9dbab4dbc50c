namespace SigmaComms.Messaging.Tests.Sessions.Vectors;

/// <summary>One message: what is said, and every key on the way to its bytes.</summary>
internal sealed record MessageValues
{
    public required bool FromInitiator { get; init; }

    /// <summary>Whether the sender asks for fresh post-quantum keys before sealing.</summary>
    public required bool RequestsStep { get; init; }

    public required string Text { get; init; }

    public string RatchetPublic { get; init; } = "";

    public string RootEc { get; init; } = "";

    public string RootPq { get; init; } = "";

    public uint Epoch { get; init; }

    public string MessageKeyEc { get; init; } = "";

    public string MessageKeyPq { get; init; } = "";

    public string Key { get; init; } = "";

    public string Nonce { get; init; } = "";

    public string Message { get; init; } = "";
}
