namespace SigmaComms.Cryptography.KeyFormats;

/// <summary>A private key that was read: a seed, a long key, or both.</summary>
/// <remarks>What is there was checked: sizes, ranges, and that its parts belong together.</remarks>
/// <standard>RFC 5958, section 2; RFC 9935, section 6; RFC 9881, section 6.</standard>
public sealed class ImportedPrivateKey : IDisposable
{
    internal ImportedPrivateKey(KeyType type, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> expandedKey)
    {
        Type = type;
        PrivateKey = privateKey.IsEmpty ? null : new SecretBytes(privateKey);
        ExpandedKey = expandedKey.IsEmpty ? null : new SecretBytes(expandedKey);
    }

    /// <summary>The algorithm.</summary>
    public KeyType Type { get; }

    /// <summary>The private key, the seed where there is one; null if only the long key is there.</summary>
    public SecretBytes? PrivateKey { get; }

    /// <summary>The standard's long key; null if there was none.</summary>
    public SecretBytes? ExpandedKey { get; }

    /// <summary>Zeroes both. May be called twice.</summary>
    public void Dispose()
    {
        PrivateKey?.Dispose();
        ExpandedKey?.Dispose();
    }
}
