namespace SigmaComms.Cryptography.Aead;

/// <summary>One cipher that encrypts and authenticates: its name, its sizes, and instances with a key.</summary>
/// <remarks>Instances hold no state and are safe to use from any thread.</remarks>
/// <standard>RFC 5116, sections 2 and 4 (interface); each cipher's class names its own.</standard>
public sealed class AeadAlgorithm
{
    /// <summary>Size of a tag of any of them: 16 bytes.</summary>
    public const int TagSize = 16;

    private readonly KeyedMaker _create;

    private AeadAlgorithm(string name, int keySize, int nonceSize, KeyedMaker create)
    {
        Name = name;
        KeySize = keySize;
        NonceSize = nonceSize;
        _create = create;
    }

    private delegate AeadCipher KeyedMaker(ReadOnlySpan<byte> key);

    /// <summary>AES-128-GCM.</summary>
    public static AeadAlgorithm Aes128Gcm { get; } =
        new("AES-128-GCM", 16, AesGcmCipher.NonceSize, key => new AesGcmCipher(key));

    /// <summary>AES-256-GCM.</summary>
    public static AeadAlgorithm Aes256Gcm { get; } =
        new("AES-256-GCM", 32, AesGcmCipher.NonceSize, key => new AesGcmCipher(key));

    /// <summary>ChaCha20-Poly1305.</summary>
    public static AeadAlgorithm ChaCha20Poly1305 { get; } =
        new("ChaCha20-Poly1305", ChaChaCipher.KeySize, ChaChaCipher.NonceSize, key => new ChaChaCipher(key));

    /// <summary>XChaCha20-Poly1305.</summary>
    public static AeadAlgorithm XChaCha20Poly1305 { get; } =
        new("XChaCha20-Poly1305", XChaChaCipher.KeySize, XChaChaCipher.NonceSize, key => new XChaChaCipher(key));

    /// <summary>The name by which the standard calls it.</summary>
    public string Name { get; }

    /// <summary>Size of a key in bytes.</summary>
    public int KeySize { get; }

    /// <summary>Size of a nonce in bytes.</summary>
    public int NonceSize { get; }

    /// <summary>Makes an instance with a key.</summary>
    /// <param name="key"><see cref="KeySize"/> secret bytes; copied.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public AeadCipher Create(ReadOnlySpan<byte> key)
    {
        Size.Require(key, KeySize);
        return _create(key);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
