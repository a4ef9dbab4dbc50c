using SigmaComms.Cryptography.Encoding;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Client.Vaults.History;

/// <summary>Which stripes hold a snapshot, or hold the list of those stripes if it is too long for an entry.</summary>
/// <param name="Epoch">Of the key that locks all of them.</param>
/// <param name="IsList">Whether the stripes hold a list of stripes.</param>
/// <param name="Stripes">The stripes, in order.</param>
internal sealed record SnapshotReference(int Epoch, bool IsList, IReadOnlyList<StripeEntry> Stripes)
{
    /// <summary>The most stripes of a snapshot: with stripes of 1 MiB 64 GiB.</summary>
    private const int StripesMax = 1 << 16;

    private const byte Version = 1;

    /// <summary>Writes it.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new(1024);
        writer.U8(Version).U32((uint)Epoch).Flag(IsList).U32((uint)Stripes.Count);
        foreach (StripeEntry stripe in Stripes)
        {
            stripe.Write(writer);
        }

        return writer.ToArray();
    }

    /// <summary>Reads one; null if it is none.</summary>
    public static SnapshotReference? TryDecode(ReadOnlySpan<byte> encoded)
    {
        var reader = new WireReader(encoded);
        bool known = reader.U8() == Version;
        uint epoch = reader.U32();
        bool isList = reader.Flag();
        uint count = reader.U32();
        List<StripeEntry> stripes = [];
        for (uint i = 0; known && i < count && count <= StripesMax && !reader.Failed; i++)
        {
            if (StripeEntry.Read(ref reader) is { } stripe)
            {
                stripes.Add(stripe);
            }
        }

        bool good = known && reader.AtEnd && epoch is >= 1 and <= VaultKeyring.EpochsMax && stripes.Count == count;
        return good ? new SnapshotReference((int)epoch, isList, stripes) : null;
    }
}
