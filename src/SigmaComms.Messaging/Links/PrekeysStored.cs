using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>How many one-time bundles of the device are left.</summary>
/// <param name="Remaining">Bundles on all nodes that could be asked.</param>
public sealed record PrekeysStored(uint Remaining) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.PrekeysStored;

    internal override void WriteBody(WireWriter writer)
    {
        writer.U32(Remaining);
    }

    internal static PrekeysStored Read(ref WireReader reader) => new(reader.U32());
}
