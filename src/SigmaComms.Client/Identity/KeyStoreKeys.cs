using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Kdf;

namespace SigmaComms.Client.Identity;

/// <summary>The two keys that come from a passphrase: one seals, one tells a wrong passphrase from damage.</summary>
internal sealed class KeyStoreKeys : IDisposable
{
    private const int KeySize = Aes256Gcm.KeySize;

    private readonly SecretBytes _keys = new(2 * KeySize);

    public KeyStoreKeys(ReadOnlySpan<byte> passphrase, KeyStoreHeader header)
    {
        using var stretched = new SecretBytes(KeySize);
        Argon2id.DeriveKey(passphrase, header.Salt, header.Cost, stretched.Span);
        HkdfSha512.DeriveKey(stretched.Span, default, "SigmaComms/1 key store"u8, _keys.Span);
    }

    public ReadOnlySpan<byte> Seal => _keys.Span[..KeySize];

    public ReadOnlySpan<byte> Check => _keys.Span[KeySize..];

    public void Dispose() => _keys.Dispose();
}
