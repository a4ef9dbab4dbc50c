using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Where a key's expanded parts lie in memory that its owner pins and erases.</summary>
internal readonly unsafe struct MlKemExpansion
{
    /// <summary>The memory must start at a multiple of this, for the vectors' sake.</summary>
    public const int Alignment = 64;

    private const int Degree = MlKemRing.Degree;

    private readonly int _rank;

    /// <summary>Lays the parts out.</summary>
    /// <param name="memory">At least <see cref="SizeBytes"/> and the alignment.</param>
    /// <param name="rank">k.</param>
    public MlKemExpansion(byte* memory, int rank)
    {
        _rank = rank;
        Matrix = (short*)Align(memory);
        Vector = Matrix + (rank * rank * Degree) + MlKemRejection.SlackCoefficients;
        Secret = Vector + (rank * Degree);
        Hash = (byte*)(Secret + (rank * Degree));
        Rejection = Hash + MlKemParameters.SymbolSize;
    }

    /// <summary>The public matrix, transformed, canonical, row by row.</summary>
    public short* Matrix { get; }

    /// <summary>t, public, transformed, canonical.</summary>
    public short* Vector { get; }

    /// <summary>s, secret, transformed, canonical.</summary>
    public short* Secret { get; }

    /// <summary>32 bytes, H of the encapsulation key.</summary>
    public byte* Hash { get; }

    /// <summary>32 secret bytes, z or what came of it.</summary>
    public byte* Rejection { get; }

    /// <summary><see cref="Hash"/> as a span.</summary>
    public Span<byte> HashSpan => new(Hash, MlKemParameters.SymbolSize);

    /// <summary><see cref="Rejection"/> as a span.</summary>
    public Span<byte> RejectionSpan => new(Rejection, MlKemParameters.SymbolSize);

    /// <summary>Bytes to allocate, with room to align.</summary>
    /// <param name="rank">k.</param>
    public static int SizeBytes(int rank)
    {
        int coefficients = (((rank * rank) + (2 * rank)) * Degree) + MlKemRejection.SlackCoefficients;
        return (coefficients * sizeof(short)) + (2 * MlKemParameters.SymbolSize) + Alignment;
    }

    /// <summary>The next aligned address.</summary>
    public static byte* Align(byte* memory) => (byte*)(((nuint)memory + Alignment - 1) & ~(nuint)(Alignment - 1));

    /// <summary>Zeroes the secret parts.</summary>
    public void Erase() => CryptographicOperations.ZeroMemory(
        new Span<byte>(Secret, (_rank * Degree * sizeof(short)) + (2 * MlKemParameters.SymbolSize)));
}
