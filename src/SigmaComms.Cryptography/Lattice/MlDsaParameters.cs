namespace SigmaComms.Cryptography.Lattice;

/// <summary>One parameter set of ML-DSA and the sizes that follow from it.</summary>
/// <param name="Rows">k: rows of the matrix.</param>
/// <param name="Columns">l: columns of the matrix.</param>
/// <param name="SecretBound">eta: largest coefficient of the secret.</param>
/// <param name="ChallengeWeight">tau: coefficients of the challenge that are not zero.</param>
/// <param name="ChallengeSize">Bytes of the challenge's hash, lambda / 4.</param>
/// <param name="MaskBits">1 + log2(gamma_1): bits for each coefficient of the response.</param>
/// <param name="Rounding">How high and low bits are parted; holds gamma_2.</param>
/// <param name="HintsMax">omega: most ones in the hint.</param>
/// <standard>FIPS 204, section 4, tables 1 and 2.</standard>
internal sealed record MlDsaParameters(
    int Rows,
    int Columns,
    int SecretBound,
    int ChallengeWeight,
    int ChallengeSize,
    int MaskBits,
    MlDsaRounding Rounding,
    int HintsMax)
{
    /// <summary>Bytes of a seed and of rho, K and the randomness.</summary>
    public const int SeedSize = 32;

    /// <summary>Bytes of tr and of the message's representative mu.</summary>
    public const int HashSize = 64;

    /// <summary>Most bytes of a context.</summary>
    public const int ContextSizeMax = 255;

    /// <summary>Bits for each coefficient of t1.</summary>
    public const int HighBits = 10;

    /// <summary>d: bits for each coefficient of t0.</summary>
    public const int DroppedBits = 13;

    private const int Degree = MlDsaRing.Degree;

    /// <summary>ML-DSA-44.</summary>
    public static MlDsaParameters MlDsa44 { get; } = new(4, 4, 2, 39, 32, 18, MlDsaRounding.By44, 80);

    /// <summary>ML-DSA-65.</summary>
    public static MlDsaParameters MlDsa65 { get; } = new(6, 5, 4, 49, 48, 20, MlDsaRounding.By16, 55);

    /// <summary>ML-DSA-87.</summary>
    public static MlDsaParameters MlDsa87 { get; } = new(8, 7, 2, 60, 64, 20, MlDsaRounding.By16, 75);

    /// <summary>gamma_1: bound of the mask.</summary>
    public uint MaskBound => 1u << (MaskBits - 1);

    /// <summary>beta: how far challenge times secret reaches.</summary>
    public uint Reach => (uint)(ChallengeWeight * SecretBound);

    /// <summary>Bits for each coefficient of the secret: 3 or 4.</summary>
    public int SecretBits => SecretBound == 2 ? 3 : 4;

    /// <summary>Bytes of one encoded polynomial of the secret.</summary>
    public int SecretRowSize => Degree / 8 * SecretBits;

    /// <summary>Bytes of one encoded polynomial of the response.</summary>
    public int MaskRowSize => Degree / 8 * MaskBits;

    /// <summary>Bytes of the encoded commitment w1.</summary>
    public int CommitmentSize => Rows * (Degree / 8) * Rounding.Bits;

    /// <summary>Bytes of a public key.</summary>
    public int PublicKeySize => SeedSize + (Rows * (Degree / 8) * HighBits);

    /// <summary>Bytes of a private key in its long form.</summary>
    public int PrivateKeySize =>
        (2 * SeedSize) + HashSize + ((Rows + Columns) * SecretRowSize) + (Rows * (Degree / 8) * DroppedBits);

    /// <summary>Bytes of a signature.</summary>
    public int SignatureSize => ChallengeSize + (Columns * MaskRowSize) + HintsMax + Rows;
}
