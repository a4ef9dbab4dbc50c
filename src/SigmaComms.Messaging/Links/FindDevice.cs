using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Does the receiver know the device, from an account record it accepted or a bundle it keeps? Reply:
/// <see cref="Done"/>, or a refusal; only <see cref="RefusalReason.UnknownDevice"/> says no.
/// </summary>
/// <param name="Device">The device.</param>
public sealed record FindDevice(NodeId Device) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.FindDevice;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
    }

    internal static FindDevice Read(ref WireReader reader) => new(new NodeId(reader.Digest()));
}
