namespace SigmaComms.Vault.Sealing;

/// <summary>The sizes of a stripe, which follow from its plaintext's length and the numbers of fragments.</summary>
/// <remarks>
/// The plaintext is filled up with zeros to the size of all data fragments together before it is sealed, so that
/// every stored byte is ciphertext.
/// </remarks>
public readonly record struct StripeLayout
{
    /// <summary>Every fragment's length is a multiple of this: 64 bytes, the widest vector.</summary>
    public const int FragmentUnitBytes = 64;

    /// <summary>Computes the sizes.</summary>
    /// <param name="plaintextLength">Bytes of plaintext: 1 to 8 MiB.</param>
    /// <param name="dataFragments">k: 1 to 128.</param>
    /// <param name="parityFragments">m: below 2k; k + m at most 255.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public StripeLayout(int plaintextLength, int dataFragments, int parityFragments)
    {
        if (!IsValid(plaintextLength, dataFragments, parityFragments))
        {
            throw new ArgumentException(
                $"No stripe has {plaintextLength} bytes in {dataFragments} + {parityFragments} fragments.",
                nameof(plaintextLength));
        }

        PlaintextLength = plaintextLength;
        DataFragments = dataFragments;
        ParityFragments = parityFragments;
        long unit = (long)dataFragments * FragmentUnitBytes;
        FragmentLength = (int)((Padme.Bucket(plaintextLength) + unit - 1) / unit) * FragmentUnitBytes;
    }

    /// <summary>Bytes of plaintext without what was filled up.</summary>
    public int PlaintextLength { get; }

    /// <summary>k, the fragments that are needed.</summary>
    public int DataFragments { get; }

    /// <summary>m, the fragments that may be lost.</summary>
    public int ParityFragments { get; }

    /// <summary>Bytes of each fragment.</summary>
    public int FragmentLength { get; }

    /// <summary>k + m.</summary>
    public int Fragments => DataFragments + ParityFragments;

    /// <summary>Bytes of the sealed body: all data fragments.</summary>
    public int BodyLength => DataFragments * FragmentLength;

    /// <summary>Bytes of all fragments.</summary>
    public int StripeLength => Fragments * FragmentLength;

    /// <summary>Whether there are stripes of these numbers.</summary>
    /// <param name="plaintextLength">Bytes of plaintext.</param>
    /// <param name="dataFragments">k.</param>
    /// <param name="parityFragments">m.</param>
    public static bool IsValid(int plaintextLength, int dataFragments, int parityFragments) =>
        plaintextLength is >= 1 and <= VaultShape.StripeSizeMaxBytes
        && new VaultShape(dataFragments, parityFragments, VaultShape.StripeSizeMaxBytes).IsValid;
}
