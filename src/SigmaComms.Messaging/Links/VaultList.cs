using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Vaults of the asker, as the answering node knows the control log.</summary>
/// <param name="Vaults">The vaults, ascending by id.</param>
/// <param name="IsLast">Whether no more follow.</param>
public sealed record VaultList(IReadOnlyList<VaultListing> Vaults, bool IsLast) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.VaultList;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.WriteList(writer, Vaults, static (w, item) => item.Write(w));
        writer.Flag(IsLast);
    }

    internal static VaultList Read(ref WireReader reader) => new(
        LinkWire.ReadList(ref reader, LinkLimits.VaultsPerPage, VaultListing.Read), reader.Flag());
}
