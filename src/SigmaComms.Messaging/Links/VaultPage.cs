using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Entries of a vault's stream and where it stands, by one node's word: the hash chain shows that they belong together,
/// and what else the asker knows shows whether they are all.
/// </summary>
/// <param name="Standing">Where the stream stands.</param>
/// <param name="HeadBefore">The hash chain before the first entry here; the stream's head if there is none.</param>
/// <param name="Entries">
/// Entries from the one asked for on, perhaps not all; none if that is not kept, or not there yet.
/// </param>
public sealed record VaultPage(VaultStanding Standing, Digest HeadBefore, IReadOnlyList<VaultPageEntry> Entries)
    : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.VaultPage;

    internal override void WriteBody(WireWriter writer)
    {
        Standing.Write(writer);
        writer.Digest(HeadBefore);
        LinkWire.WriteList(writer, Entries, static (w, item) => item.Write(w));
    }

    internal static VaultPage Read(ref WireReader reader) => new(
        VaultStanding.Read(ref reader),
        reader.Digest(),
        LinkWire.ReadList(ref reader, LinkLimits.VaultEntriesPerPage, VaultPageEntry.Read));
}
