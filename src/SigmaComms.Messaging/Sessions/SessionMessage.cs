using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Sessions.Handshake;
using SigmaComms.Messaging.Sessions.Ratchet;

namespace SigmaComms.Messaging.Sessions;

/// <summary>A message taken apart, nothing of it trusted yet. Byte table: docs/formats/session-message.md.</summary>
internal readonly ref struct SessionMessage
{
    /// <summary>Whether the handshake comes with it.</summary>
    public bool HasInitial { get; private init; }

    /// <summary>The initiator's part, if there is one.</summary>
    public InitialHeader Initial { get; private init; }

    /// <summary>The ratchet's header.</summary>
    public RatchetHeader Header { get; private init; }

    /// <summary>All bytes before the sealed body; they are authenticated with it.</summary>
    public ReadOnlySpan<byte> Clear { get; private init; }

    /// <summary>Sealed body with its tag.</summary>
    public ReadOnlySpan<byte> Body { get; private init; }

    /// <summary>Takes a message apart.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out SessionMessage parsed)
    {
        parsed = default;
        if (message.Length is < RatchetHeader.SizeBytes or > SessionLimits.MessageMaxBytes)
        {
            return false;
        }

        var reader = new WireReader(message);
        bool hasInitial = message[1] == MessageFraming.InitialKind;
        InitialHeader initial = hasInitial ? InitialHeader.Read(ref reader) : default;
        RatchetHeader header = RatchetHeader.Read(ref reader);
        int bodyBytes = reader.Remaining;
        ReadOnlySpan<byte> body = reader.Rest();
        if (!reader.AtEnd || !MessagePadding.IsBucket(bodyBytes - Aes256Gcm.TagSize))
        {
            return false;
        }

        parsed = new SessionMessage
        {
            HasInitial = hasInitial,
            Initial = initial,
            Header = header,
            Clear = message[..^bodyBytes],
            Body = body,
        };
        return true;
    }
}
