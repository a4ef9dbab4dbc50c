using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.KeyFormats;

/// <summary>An algorithm whose keys can be read and written: its name, its object identifier, its sizes.</summary>
/// <remarks>Instances hold no state and are safe to use from any thread.</remarks>
/// <standard>
/// RFC 9935 (ML-KEM), RFC 9881 (ML-DSA), RFC 9909 (SLH-DSA), RFC 8410 (X25519, Ed25519), composite draft 19.
/// </standard>
public sealed class KeyType
{
    private readonly byte[] _identifier;

    private KeyType(string name, ReadOnlySpan<byte> identifier, KeyOperations operations)
    {
        Name = name;
        _identifier = identifier.ToArray();
        Operations = operations;
    }

    /// <summary>ML-KEM-512.</summary>
    public static KeyType MlKem512 { get; } = new("ML-KEM-512", [.. Nist, 4, 1], KeyOperations.MlKem512);

    /// <summary>ML-KEM-768.</summary>
    public static KeyType MlKem768 { get; } = new("ML-KEM-768", [.. Nist, 4, 2], KeyOperations.MlKem768);

    /// <summary>ML-KEM-1024.</summary>
    public static KeyType MlKem1024 { get; } = new("ML-KEM-1024", [.. Nist, 4, 3], KeyOperations.MlKem1024);

    /// <summary>ML-DSA-44.</summary>
    public static KeyType MlDsa44 { get; } = new("ML-DSA-44", [.. Nist, 3, 17], KeyOperations.MlDsa44);

    /// <summary>ML-DSA-65.</summary>
    public static KeyType MlDsa65 { get; } = new("ML-DSA-65", [.. Nist, 3, 18], KeyOperations.MlDsa65);

    /// <summary>ML-DSA-87.</summary>
    public static KeyType MlDsa87 { get; } = new("ML-DSA-87", [.. Nist, 3, 19], KeyOperations.MlDsa87);

    /// <summary>X25519.</summary>
    public static KeyType X25519 { get; } = new("X25519", [0x2B, 0x65, 0x6E], KeyOperations.X25519);

    /// <summary>Ed25519.</summary>
    public static KeyType Ed25519 { get; } = new("Ed25519", [0x2B, 0x65, 0x70], KeyOperations.Ed25519);

    /// <summary>MLDSA65-ECDSA-P256-SHA512.</summary>
    public static KeyType MlDsa65EcdsaP256 { get; } = new(
        "MLDSA65-ECDSA-P256-SHA512", [.. Composite, 45], KeyOperations.Composite(CompositeSignature.MlDsa65EcdsaP256));

    /// <summary>MLDSA65-Ed25519-SHA512.</summary>
    public static KeyType MlDsa65Ed25519 { get; } = new(
        "MLDSA65-Ed25519-SHA512", [.. Composite, 48], KeyOperations.Composite(CompositeSignature.MlDsa65Ed25519));

    /// <summary>SLH-DSA-SHA2-128s.</summary>
    public static KeyType SlhDsa128sSha2 { get; } = HashBased(0);

    /// <summary>SLH-DSA-SHA2-128f.</summary>
    public static KeyType SlhDsa128fSha2 { get; } = HashBased(1);

    /// <summary>SLH-DSA-SHA2-192s.</summary>
    public static KeyType SlhDsa192sSha2 { get; } = HashBased(2);

    /// <summary>SLH-DSA-SHA2-192f.</summary>
    public static KeyType SlhDsa192fSha2 { get; } = HashBased(3);

    /// <summary>SLH-DSA-SHA2-256s.</summary>
    public static KeyType SlhDsa256sSha2 { get; } = HashBased(4);

    /// <summary>SLH-DSA-SHA2-256f.</summary>
    public static KeyType SlhDsa256fSha2 { get; } = HashBased(5);

    /// <summary>SLH-DSA-SHAKE-128s.</summary>
    public static KeyType SlhDsa128sShake { get; } = HashBased(6);

    /// <summary>SLH-DSA-SHAKE-128f.</summary>
    public static KeyType SlhDsa128fShake { get; } = HashBased(7);

    /// <summary>SLH-DSA-SHAKE-192s.</summary>
    public static KeyType SlhDsa192sShake { get; } = HashBased(8);

    /// <summary>SLH-DSA-SHAKE-192f.</summary>
    public static KeyType SlhDsa192fShake { get; } = HashBased(9);

    /// <summary>SLH-DSA-SHAKE-256s.</summary>
    public static KeyType SlhDsa256sShake { get; } = HashBased(10);

    /// <summary>SLH-DSA-SHAKE-256f.</summary>
    public static KeyType SlhDsa256fShake { get; } = HashBased(11);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<KeyType> All { get; } =
    [
        MlKem512, MlKem768, MlKem1024, MlDsa44, MlDsa65, MlDsa87, X25519, Ed25519, MlDsa65EcdsaP256, MlDsa65Ed25519,
        SlhDsa128sSha2, SlhDsa128fSha2, SlhDsa192sSha2, SlhDsa192fSha2,
        SlhDsa256sSha2, SlhDsa256fSha2, SlhDsa128sShake, SlhDsa128fShake,
        SlhDsa192sShake, SlhDsa192fShake, SlhDsa256sShake, SlhDsa256fShake,
    ];

    /// <summary>The name by which its standard calls it.</summary>
    public string Name { get; }

    /// <summary>Size of a public key in bytes.</summary>
    public int PublicKeySize => Operations.PublicKeySize;

    /// <summary>Size of a private key in bytes: the seed, where there is one.</summary>
    public int PrivateKeySize => Operations.PrivateKeySize;

    /// <summary>Size of the standard's long private key in bytes; 0 if there is none.</summary>
    public int ExpandedKeySize => Operations.ExpandedKeySize;

    internal KeyOperations Operations { get; }

    /// <summary>The object identifier's content in DER.</summary>
    internal ReadOnlySpan<byte> Identifier => _identifier;

    // 2.16.840.1.101.3.4 and 1.3.6.1.5.5.7.6.
    private static ReadOnlySpan<byte> Nist => [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04];

    private static ReadOnlySpan<byte> Composite => [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x06];

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal static KeyType? Find(ReadOnlySpan<byte> identifier)
    {
        foreach (KeyType type in All)
        {
            if (identifier.SequenceEqual(type.Identifier))
            {
                return type;
            }
        }

        return null;
    }

    // The twelve have 2.16.840.1.101.3.4.3.20 to 31.
    private static KeyType HashBased(int index)
    {
        HashBasedSignature algorithm = HashBasedSignature.All[index];
        return new KeyType(algorithm.Name, [.. Nist, 3, (byte)(20 + index)], KeyOperations.HashBased(algorithm));
    }
}
