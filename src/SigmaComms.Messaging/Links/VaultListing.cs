using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>One vault in a list.</summary>
/// <param name="Vault">Its id.</param>
/// <param name="Standing">Where its stream stands, and what the asker may do there.</param>
public sealed record VaultListing(Digest Vault, VaultStanding Standing)
{
    internal void Write(WireWriter writer)
    {
        writer.Digest(Vault);
        Standing.Write(writer);
    }

    internal static VaultListing Read(ref WireReader reader) => new(reader.Digest(), VaultStanding.Read(ref reader));
}
