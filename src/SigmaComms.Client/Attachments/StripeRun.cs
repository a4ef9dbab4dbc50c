using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Vault;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Client.Attachments;

/// <summary>
/// The form in which stripes of an attachment stand: 1 MiB each and the last one shorter, all of one shape. So their
/// number follows from the size, and a list of them has one form and no surprises.
/// </summary>
internal static class StripeRun
{
    /// <summary>Plain bytes in every stripe but the last: 1 MiB.</summary>
    public const int StripeSizeBytes = VaultShape.StripeSizeDefaultBytes;

    /// <summary>The most fragments of a stripe: 32.</summary>
    public const int FragmentsMax = 32;

    /// <summary>How many stripes so many bytes have.</summary>
    public static int CountOf(long sizeBytes) => (int)((sizeBytes + StripeSizeBytes - 1) / StripeSizeBytes);

    /// <summary>Bytes of the entries of so many stripes like this one.</summary>
    public static long ListSizeOf(int count, StripeEntry first) =>
        count * ((long)StripeEntry.HeadSize + (first.Fragments * Digest.SizeBytes));

    /// <summary>Writes entries one behind the other.</summary>
    public static void Write(WireWriter writer, IReadOnlyList<StripeEntry> stripes)
    {
        foreach (StripeEntry stripe in stripes)
        {
            stripe.Write(writer);
        }
    }

    /// <summary>Reads the entries of so many plain bytes out of untrusted ones.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="sizeBytes">What the stripes hold together.</param>
    /// <returns>Null if there are not exactly such entries.</returns>
    public static IReadOnlyList<StripeEntry>? Read(ref WireReader reader, long sizeBytes)
    {
        int count = CountOf(sizeBytes);
        List<StripeEntry> stripes = [];
        for (int i = 0; i < count; i++)
        {
            long length = Math.Min(StripeSizeBytes, sizeBytes - ((long)i * StripeSizeBytes));
            if (StripeEntry.Read(ref reader) is not { } stripe || stripe.PlaintextLength != length
                || stripe.Fragments > FragmentsMax || !HasShapeOf(stripe, stripes))
            {
                return null;
            }

            stripes.Add(stripe);
        }

        return stripes;
    }

    private static bool HasShapeOf(StripeEntry stripe, List<StripeEntry> before) =>
        before.Count == 0
        || (stripe.DataFragments == before[0].DataFragments && stripe.ParityFragments == before[0].ParityFragments);
}
