using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Asks a storage node what it holds of a vault and how its repair does. Reply: <see cref="StorageReport"/> or a
/// refusal. A check goes on after the answer: ask again with <see cref="StorageCheck.None"/> until it is done.
/// </summary>
/// <param name="Vault">The vault.</param>
/// <param name="Check">What the node begins to look at now.</param>
public sealed record GetStorageReport(Digest Vault, StorageCheck Check) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.GetStorageReport;

    internal override void WriteBody(WireWriter writer) => writer.Digest(Vault).U8((byte)Check);

    internal static GetStorageReport Read(ref WireReader reader) =>
        new(reader.Digest(), LinkWire.Enum<StorageCheck>(ref reader));
}
