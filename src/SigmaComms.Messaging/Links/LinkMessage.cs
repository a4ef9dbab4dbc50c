using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Everything that travels on a link between two processes. The set is closed: see the registry.</summary>
public abstract record LinkMessage
{
    private protected LinkMessage()
    {
    }

    /// <summary>The permanent number on the wire.</summary>
    public ushort WireId => (ushort)TypeId;

    internal abstract LinkMessageId TypeId { get; }

    /// <summary>The version of the fields that are set: a frame claims no field that it lacks.</summary>
    internal virtual byte FieldsVersion => 1;

    /// <summary>The latest version of this message that is known here.</summary>
    internal virtual byte LatestFieldsVersion => 1;

    /// <summary>Long bytes that the body ends with; they go to the output without a copy on the way.</summary>
    internal virtual ReadOnlyMemory<byte> Tail => default;

    /// <summary>Writes the body, up to its tail.</summary>
    internal abstract void WriteBody(WireWriter writer);
}
