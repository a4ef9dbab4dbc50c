namespace SigmaComms.Cryptography.Lattice;

/// <summary>One parameter set of ML-KEM and the sizes that follow from it.</summary>
/// <param name="Rank">k: rows and columns of the matrix.</param>
/// <param name="SecretNoise">eta_1: width of the noise in the secret.</param>
/// <param name="VectorBits">d_u: bits for each coefficient of the ciphertext's vector.</param>
/// <param name="ScalarBits">d_v: bits for each coefficient of the ciphertext's polynomial.</param>
/// <standard>FIPS 203, section 8, tables 2 and 3.</standard>
internal sealed record MlKemParameters(int Rank, int SecretNoise, int VectorBits, int ScalarBits)
{
    /// <summary>Bytes of d, z, the message, H(ek) and the shared secret.</summary>
    public const int SymbolSize = 32;

    /// <summary>Bytes of the private key as a seed, d | z.</summary>
    public const int SeedSize = 2 * SymbolSize;

    /// <summary>eta_2: width of the noise in the ciphertext, in every set.</summary>
    public const int CiphertextNoise = 2;

    /// <summary>ML-KEM-512.</summary>
    public static MlKemParameters MlKem512 { get; } = new(2, 3, 10, 4);

    /// <summary>ML-KEM-768.</summary>
    public static MlKemParameters MlKem768 { get; } = new(3, 2, 10, 4);

    /// <summary>ML-KEM-1024.</summary>
    public static MlKemParameters MlKem1024 { get; } = new(4, 2, 11, 5);

    /// <summary>Bytes of an encoded vector without compression.</summary>
    public int VectorSize => 384 * Rank;

    /// <summary>Bytes of an encapsulation key.</summary>
    public int EncapsulationKeySize => VectorSize + SymbolSize;

    /// <summary>Bytes of an expanded decapsulation key.</summary>
    public int DecapsulationKeySize => VectorSize + EncapsulationKeySize + (2 * SymbolSize);

    /// <summary>Bytes of one compressed polynomial of the ciphertext's vector.</summary>
    public int CompressedRowSize => 32 * VectorBits;

    /// <summary>Bytes of a ciphertext.</summary>
    public int CiphertextSize => (Rank * CompressedRowSize) + (32 * ScalarBits);
}
