using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>
/// The node's key for its volumes. It follows from the node's signing key, which lies beside them: whoever has the disk
/// without it sees random bytes. Each volume is sealed with a key of its own.
/// </summary>
/// <standard>docs/formats/vault-volume.md.</standard>
internal sealed class VolumeKey : IDisposable
{
    private readonly byte[] _key = new byte[Aes256Gcm.KeySize];

    private VolumeKey()
    {
    }

    /// <summary>The key of a node.</summary>
    public static VolumeKey Of(MlDsa65SigningKey key)
    {
        byte[] seed = key.ExportSeed();
        VolumeKey made = new();
        HkdfSha256.DeriveKey(seed, default, "SigmaComms/1 node volumes"u8, made._key);
        CryptographicOperations.ZeroMemory(seed);
        return made;
    }

    /// <summary>The cipher of one volume.</summary>
    public AesGcmCipher CipherOf(Digest volume)
    {
        Span<byte> key = stackalloc byte[Aes256Gcm.KeySize];
        HkdfSha256.DeriveKey(_key, volume.ToArray(), "sigma volume 1"u8, key);
        AesGcmCipher cipher = new(key);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_key);
}
