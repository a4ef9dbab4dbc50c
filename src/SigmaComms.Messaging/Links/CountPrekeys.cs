using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Asks how many one-time bundles are left. Reply: <see cref="PrekeysStored"/>.</summary>
/// <param name="Device">The device.</param>
public sealed record CountPrekeys(NodeId Device) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.CountPrekeys;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
    }

    internal static CountPrekeys Read(ref WireReader reader) => new(new NodeId(reader.Digest()));
}
