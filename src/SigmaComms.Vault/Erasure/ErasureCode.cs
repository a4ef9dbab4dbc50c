namespace SigmaComms.Vault.Erasure;

/// <summary>Systematic Reed-Solomon: k data fragments get m of parity, and any k of them give back all.</summary>
/// <remarks>
/// A stripe is k + m fragments of equal length, one after the other, data first; the length is a multiple of 64 bytes.
/// It finds what is missing, not what is wrong: verify fragments first. Immutable; safe to call from any thread.
/// </remarks>
/// <standard>
/// Reed and Solomon 1960 with the Cauchy matrix of Bloemer et al. 1995: 1 / (i XOR j) over GF(2^8) with polynomial
/// 0x11d; byte for byte the parity of ISA-L's gf_gen_cauchy1_matrix.
/// </standard>
public sealed class ErasureCode
{
    /// <summary>Every fragment's length is a multiple of this: 64 bytes.</summary>
    public const int FragmentUnitBytes = 64;

    private readonly GaloisKernel _kernel;
    private readonly Combination _encoding;

    /// <summary>Prepares the code of a shape.</summary>
    /// <param name="dataFragments">k: 1 to 128.</param>
    /// <param name="parityFragments">m: at least 0; k + m at most 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ErasureCode(int dataFragments, int parityFragments)
        : this(dataFragments, parityFragments, GaloisKernel.Best)
    {
    }

    internal ErasureCode(int dataFragments, int parityFragments, GaloisKernel kernel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dataFragments, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dataFragments, VaultShape.DataFragmentsMax);
        ArgumentOutOfRangeException.ThrowIfNegative(parityFragments);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parityFragments, VaultShape.FragmentsMax - dataFragments);
        DataFragments = dataFragments;
        ParityFragments = parityFragments;
        _kernel = kernel;
        _encoding = EncodingOf([.. Enumerable.Range(dataFragments, parityFragments)]);
    }

    /// <summary>The kernel that this processor runs, for people: for example "GFNI, 512 bits".</summary>
    public static string KernelName => GaloisKernel.Best.Name;

    /// <summary>k, the fragments that are needed.</summary>
    public int DataFragments { get; }

    /// <summary>m, the fragments that may be lost.</summary>
    public int ParityFragments { get; }

    /// <summary>k + m.</summary>
    public int Fragments => DataFragments + ParityFragments;

    /// <summary>Computes the parity fragments.</summary>
    /// <param name="stripe">k data fragments, then room for m parity fragments, which are written.</param>
    /// <exception cref="ArgumentException">The length is no multiple of k + m units.</exception>
    public void Encode(Span<byte> stripe) => _kernel.Run(_encoding, stripe, FragmentLength(stripe));

    /// <summary>Computes fragments that are missing from those that are there.</summary>
    /// <param name="stripe">All fragments at their places; a missing one's place is room.</param>
    /// <param name="present">For each of the k + m, whether it is there.</param>
    /// <param name="wanted">For each of the k + m, whether it is to be computed if it is missing.</param>
    /// <returns>
    /// False, with the stripe untouched, if fewer than k are present. Otherwise the wanted ones are whole; the places
    /// of other missing data fragments may have been used.
    /// </returns>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public bool TryRebuild(Span<byte> stripe, ReadOnlySpan<bool> present, ReadOnlySpan<bool> wanted)
    {
        int fragmentLength = FragmentLength(stripe);
        if (present.Length != Fragments || wanted.Length != Fragments)
        {
            throw new ArgumentException($"There are {Fragments} fragments.", nameof(present));
        }

        if (present.Count(true) < DataFragments)
        {
            return false;
        }

        int[] parities = MissingAndWanted(present, wanted, DataFragments, Fragments);
        bool dataIsWanted = MissingAndWanted(present, wanted, 0, DataFragments).Length > 0;
        if (dataIsWanted || parities.Length > 0)
        {
            RebuildData(stripe, present, fragmentLength);
        }

        if (parities.Length > 0)
        {
            _kernel.Run(EncodingOf(parities), stripe, fragmentLength);
        }

        return true;
    }

    private static int[] MissingAndWanted(
        ReadOnlySpan<bool> present, ReadOnlySpan<bool> wanted, int from, int to)
    {
        List<int> found = [];
        for (int i = from; i < to; i++)
        {
            if (!present[i] && wanted[i])
            {
                found.Add(i);
            }
        }

        return [.. found];
    }

    private int FragmentLength(ReadOnlySpan<byte> stripe) =>
        stripe.Length % (Fragments * FragmentUnitBytes) == 0
            ? stripe.Length / Fragments
            : throw new ArgumentException($"A stripe of {Fragments} fragments has no {stripe.Length} bytes.");

    private Combination EncodingOf(int[] parities)
    {
        byte[] coefficients = new byte[parities.Length * DataFragments];
        for (int i = 0; i < coefficients.Length; i++)
        {
            coefficients[i] = CauchyMatrix.Coefficient(parities[i / DataFragments], i % DataFragments);
        }

        return new Combination([.. Enumerable.Range(0, DataFragments)], parities, coefficients);
    }

    // What the parity rows say of the missing data, once that of the present data is subtracted from them, is a square
    // system; its inverse gives each missing fragment as a sum over present data and parity.
    private void RebuildData(Span<byte> stripe, ReadOnlySpan<bool> present, int fragmentLength)
    {
        int[] missing = Indices(present, false, 0, DataFragments, DataFragments);
        if (missing.Length == 0)
        {
            return;
        }

        int[] data = Indices(present, true, 0, DataFragments, DataFragments);
        int[] parities = Indices(present, true, DataFragments, Fragments, missing.Length);
        byte[] inverse = CauchyMatrix.InverseOfPart(parities, missing);
        byte[] coefficients = new byte[missing.Length * DataFragments];
        for (int row = 0; row < missing.Length; row++)
        {
            ReadOnlySpan<byte> solution = inverse.AsSpan(row * missing.Length, missing.Length);
            Span<byte> target = coefficients.AsSpan(row * DataFragments, DataFragments);
            for (int i = 0; i < data.Length; i++)
            {
                for (int j = 0; j < parities.Length; j++)
                {
                    byte coefficient = CauchyMatrix.Coefficient(parities[j], data[i]);
                    target[i] ^= GaloisField.Multiply(solution[j], coefficient);
                }
            }

            solution.CopyTo(target[data.Length..]);
        }

        _kernel.Run(new Combination([.. data, .. parities], missing, coefficients), stripe, fragmentLength);
    }

    private static int[] Indices(ReadOnlySpan<bool> present, bool value, int from, int to, int countMax)
    {
        List<int> found = [];
        for (int i = from; i < to && found.Count < countMax; i++)
        {
            if (present[i] == value)
            {
                found.Add(i);
            }
        }

        return [.. found];
    }
}
