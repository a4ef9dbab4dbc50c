namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>One parameter set of SLH-DSA and the sizes that follow from it.</summary>
/// <param name="IsShake">Whether its hash is SHAKE256 instead of SHA-2.</param>
/// <param name="HashSize">n: bytes of a hash.</param>
/// <param name="Height">h: levels of the whole tree of trees.</param>
/// <param name="Layers">d: trees on the way to the root.</param>
/// <param name="ForestHeight">a: levels of one tree of few-time keys.</param>
/// <param name="ForestTrees">k: trees of few-time keys.</param>
/// <standard>FIPS 205, section 11, table 2.</standard>
internal sealed record SlhParameters(
    bool IsShake, int HashSize, int Height, int Layers, int ForestHeight, int ForestTrees)
{
    /// <summary>Most bytes of a context.</summary>
    public const int ContextSizeMax = 255;

    /// <summary>Most bytes of a hash.</summary>
    public const int HashSizeMax = 32;

    /// <summary>Most chains of one Winternitz key.</summary>
    public const int ChainsMax = (2 * HashSizeMax) + ChecksumDigits;

    /// <summary>Most trees of few-time keys.</summary>
    public const int ForestTreesMax = 35;

    /// <summary>Most bytes of the digest of a message.</summary>
    public const int DigestSizeMax = 49;

    /// <summary>len_2: chains that sign the checksum.</summary>
    public const int ChecksumDigits = 3;

    /// <summary>SLH-DSA-SHA2-128s.</summary>
    public static SlhParameters Sha2Small128 { get; } = new(false, 16, 63, 7, 12, 14);

    /// <summary>SLH-DSA-SHA2-128f.</summary>
    public static SlhParameters Sha2Fast128 { get; } = new(false, 16, 66, 22, 6, 33);

    /// <summary>SLH-DSA-SHA2-192s.</summary>
    public static SlhParameters Sha2Small192 { get; } = new(false, 24, 63, 7, 14, 17);

    /// <summary>SLH-DSA-SHA2-192f.</summary>
    public static SlhParameters Sha2Fast192 { get; } = new(false, 24, 66, 22, 8, 33);

    /// <summary>SLH-DSA-SHA2-256s.</summary>
    public static SlhParameters Sha2Small256 { get; } = new(false, 32, 64, 8, 14, 22);

    /// <summary>SLH-DSA-SHA2-256f.</summary>
    public static SlhParameters Sha2Fast256 { get; } = new(false, 32, 68, 17, 9, 35);

    /// <summary>SLH-DSA-SHAKE-128s.</summary>
    public static SlhParameters ShakeSmall128 { get; } = Sha2Small128 with { IsShake = true };

    /// <summary>SLH-DSA-SHAKE-128f.</summary>
    public static SlhParameters ShakeFast128 { get; } = Sha2Fast128 with { IsShake = true };

    /// <summary>SLH-DSA-SHAKE-192s.</summary>
    public static SlhParameters ShakeSmall192 { get; } = Sha2Small192 with { IsShake = true };

    /// <summary>SLH-DSA-SHAKE-192f.</summary>
    public static SlhParameters ShakeFast192 { get; } = Sha2Fast192 with { IsShake = true };

    /// <summary>SLH-DSA-SHAKE-256s.</summary>
    public static SlhParameters ShakeSmall256 { get; } = Sha2Small256 with { IsShake = true };

    /// <summary>SLH-DSA-SHAKE-256f.</summary>
    public static SlhParameters ShakeFast256 { get; } = Sha2Fast256 with { IsShake = true };

    /// <summary>h': levels of one tree.</summary>
    public int TreeHeight => Height / Layers;

    /// <summary>Leaves of one tree.</summary>
    public int TreeLeaves => 1 << TreeHeight;

    /// <summary>len: chains of one Winternitz key.</summary>
    public int Chains => (2 * HashSize) + ChecksumDigits;

    /// <summary>Bytes of the chains of one Winternitz key.</summary>
    public int ChainsSize => Chains * HashSize;

    /// <summary>Bits of a tree's number in the lowest layer: 54 to 64.</summary>
    public int TreeIndexBits => Height - TreeHeight;

    /// <summary>Bytes of the digest that choose the few-time keys.</summary>
    public int ForestDigestSize => BytesOf(ForestHeight * ForestTrees);

    /// <summary>Bytes of the digest that choose the tree.</summary>
    public int TreeIndexSize => BytesOf(TreeIndexBits);

    /// <summary>m: bytes of the digest of a message.</summary>
    public int DigestSize => ForestDigestSize + TreeIndexSize + BytesOf(TreeHeight);

    /// <summary>Bytes of the seeds that make a key: SK.seed, SK.prf and PK.seed.</summary>
    public int SeedSize => 3 * HashSize;

    /// <summary>Bytes of a public key.</summary>
    public int PublicKeySize => 2 * HashSize;

    /// <summary>Bytes of a private key.</summary>
    public int PrivateKeySize => 4 * HashSize;

    /// <summary>Bytes of one few-time key and its path.</summary>
    public int ForestPathSize => (1 + ForestHeight) * HashSize;

    /// <summary>Bytes of the few-time signature.</summary>
    public int ForestSignatureSize => ForestTrees * ForestPathSize;

    /// <summary>Bytes of one tree's signature: chains and path.</summary>
    public int TreeSignatureSize => ChainsSize + (TreeHeight * HashSize);

    /// <summary>Bytes of a signature.</summary>
    public int SignatureSize => HashSize + ForestSignatureSize + (Layers * TreeSignatureSize);

    private static int BytesOf(int bits) => (bits + 7) / 8;
}
