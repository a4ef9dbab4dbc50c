namespace SigmaComms.Cryptography.Lattice;

/// <summary>What signing needs besides the key, in one piece of its stack, which it zeroes as one.</summary>
internal readonly unsafe struct MlDsaSigningRoom
{
    /// <summary>Blocks of SHAKE256 for one polynomial of the mask.</summary>
    public const int MaskBlocks = 5;

    /// <summary>Words of a row's hint.</summary>
    public const int HintWords = MlDsaRing.Degree / 64;

    private const int Polynomial = MlDsaRing.Degree * sizeof(uint);
    private const int MaskBytesSize = MlDsaSponges.Lanes * MlDsaSponges.MaskStride;

    // What packing may overwrite beyond its end, and a whole cache line.
    private const int WriteBeyond = 64;

    /// <summary>y, then z.</summary>
    public readonly uint* Mask;

    /// <summary>y transformed.</summary>
    public readonly uint* Transformed;

    /// <summary>w, then w - c s2.</summary>
    public readonly uint* Commitment;

    /// <summary>c, transformed.</summary>
    public readonly uint* Challenge;

    /// <summary>c times a secret.</summary>
    public readonly uint* Product;

    /// <summary>The hint, four words for each row.</summary>
    public readonly ulong* Hints;

    /// <summary>States of eight sponges.</summary>
    public readonly ulong* State;

    /// <summary>Packed polynomials of the mask, one from each sponge.</summary>
    public readonly byte* MaskBytes;

    /// <summary>w1, packed.</summary>
    public readonly byte* Packed;

    /// <summary>rho'', 64 bytes.</summary>
    public readonly byte* MaskSeed;

    /// <summary>Parts the room.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="room">As many bytes as <see cref="Size"/> says.</param>
    public MlDsaSigningRoom(MlDsaParameters set, byte* room)
    {
        byte* at = (byte*)MlDsaAlignment.Up((uint*)room);
        Mask = (uint*)Next(ref at, set.Columns * Polynomial);
        Transformed = (uint*)Next(ref at, set.Columns * Polynomial);
        Commitment = (uint*)Next(ref at, set.Rows * Polynomial);
        Challenge = (uint*)Next(ref at, Polynomial);
        Product = (uint*)Next(ref at, Polynomial);
        Hints = (ulong*)Next(ref at, set.Rows * HintWords * sizeof(ulong));
        State = (ulong*)Next(ref at, MlDsaSponges.StateWords * sizeof(ulong));
        MaskBytes = Next(ref at, MaskBytesSize);
        MaskSeed = Next(ref at, MlDsaParameters.HashSize);
        Packed = at;
    }

    /// <summary>Bytes of the whole.</summary>
    /// <param name="set">The parameter set.</param>
    public static int Size(MlDsaParameters set) =>
        (MlDsaAlignment.Slack * sizeof(uint))
        + (((2 * set.Columns) + set.Rows + 2) * Polynomial)
        + (set.Rows * HintWords * sizeof(ulong))
        + (MlDsaSponges.StateWords * sizeof(ulong))
        + MaskBytesSize
        + MlDsaParameters.HashSize
        + set.CommitmentSize
        + WriteBeyond;

    private static byte* Next(ref byte* at, int size)
    {
        byte* part = at;
        at += size;
        return part;
    }
}
