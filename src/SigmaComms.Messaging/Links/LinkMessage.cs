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

    internal abstract void WriteBody(WireWriter writer);
}
