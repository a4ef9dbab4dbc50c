using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Asks which nodes keep fragments. Reply: <see cref="StorageNodes"/> or a refusal.</summary>
public sealed record GetStorageNodes() : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.GetStorageNodes;

    internal override void WriteBody(WireWriter writer)
    {
    }

    internal static GetStorageNodes Read(ref WireReader reader) => new();
}
