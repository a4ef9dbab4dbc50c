using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;

namespace SigmaComms.Vault.Keys;

/// <summary>The key of a vault, of which all its other keys are made.</summary>
/// <remarks>Not safe for use and <see cref="Dispose"/> at the same time from two threads.</remarks>
public sealed class VaultKey : IDisposable
{
    /// <summary>Size in bytes: 32.</summary>
    public const int SizeBytes = 32;

    private readonly SecretBytes _bytes;

    /// <summary>Copies a key; the caller zeroes the source.</summary>
    /// <param name="bytes">32 secret bytes.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public VaultKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeBytes)
        {
            throw new ArgumentException("A vault key has 32 bytes.", nameof(bytes));
        }

        _bytes = new SecretBytes(bytes);
    }

    private VaultKey(SecretBytes bytes) => _bytes = bytes;

    /// <summary>The key itself, for its wrapping.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes.Span;

    private static ReadOnlySpan<byte> Label => "sigma vault 1 "u8;

    /// <summary>A new random key.</summary>
    /// <param name="random">Where it comes from.</param>
    public static VaultKey Generate(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        SecretBytes bytes = new(SizeBytes);
        random.Fill(bytes.Span);
        return new VaultKey(bytes);
    }

    /// <summary>Makes the key for one purpose: HKDF-SHA-512, salted with the vault's id.</summary>
    /// <param name="vault">The vault's id.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="key">Receives 16 to 64 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">The output has another length, or there is no such purpose.</exception>
    public void Derive(Digest vault, VaultPurpose purpose, Span<byte> key)
    {
        if (key.Length is < 16 or > HkdfSha512.HashSize)
        {
            throw new ArgumentException("A subkey has 16 to 64 bytes.", nameof(key));
        }

        ReadOnlySpan<byte> name = NameOf(purpose);
        Span<byte> salt = stackalloc byte[Digest.SizeBytes];
        vault.CopyTo(salt);
        Span<byte> info = stackalloc byte[Label.Length + name.Length];
        Label.CopyTo(info);
        name.CopyTo(info[Label.Length..]);
        HkdfSha512.DeriveKey(_bytes.Span, salt, info, key);
    }

    /// <summary>Makes the 32-byte key for one purpose.</summary>
    /// <param name="vault">The vault's id.</param>
    /// <param name="purpose">What it is for.</param>
    /// <returns>32 secret bytes; the caller disposes them.</returns>
    public SecretBytes Derive(Digest vault, VaultPurpose purpose)
    {
        SecretBytes key = new(32);
        Derive(vault, purpose, key.Span);
        return key;
    }

    /// <summary>Whether both are the same key, in constant time.</summary>
    /// <param name="other">The other.</param>
    public bool IsSame(VaultKey other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _bytes.FixedTimeEquals(other._bytes.Span);
    }

    /// <summary>An independent copy.</summary>
    public VaultKey Clone() => new(_bytes.Clone());

    /// <summary>Says nothing of the key.</summary>
    public override string ToString() => "VaultKey";

    /// <summary>Zeroes the key. May be called twice.</summary>
    public void Dispose() => _bytes.Dispose();

    private static ReadOnlySpan<byte> NameOf(VaultPurpose purpose) => purpose switch
    {
        VaultPurpose.Content => "content"u8,
        VaultPurpose.Placement => "placement"u8,
        VaultPurpose.Namespace => "namespace"u8,
        VaultPurpose.Snapshot => "snapshot"u8,
        VaultPurpose.Audit => "audit"u8,
        VaultPurpose.Header => "header"u8,
        VaultPurpose.Copy => "copy"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, "There is no such purpose."),
    };
}
