using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>Seals and opens what stands before a fragment in a bucket, so that its owner cannot read labels.</summary>
/// <remarks>
/// Each head has a key of its own from a random salt, so that no nonce can repeat. The digests of the blocks stand in
/// the head so that a part of a fragment is verified without reading all of it. Safe to call from any thread.
/// </remarks>
/// <standard>docs/formats/bucket-object.md.</standard>
internal sealed class ObjectSealer : IDisposable
{
    /// <summary>Size of a storage key: 32 bytes.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes that say how long the head is: version and length.</summary>
    public const int PrefixSize = 1 + sizeof(uint);

    private const byte Version = 1;
    private const int SaltSize = 32;
    private const int DigestsSizeMax = FragmentLabel.LengthMax / FragmentTree.BlockSize * Digest.SizeBytes;
    private const int BoxSizeMax = sizeof(ushort) + FragmentLabel.EncodedSizeMax + DigestsSizeMax + Aes256Gcm.TagSize;

    private readonly SecretBytes _key;
    private readonly IRandomSource _random;

    /// <summary>Takes a key.</summary>
    /// <param name="storageKey">32 secret bytes; copied.</param>
    /// <param name="random">The salts.</param>
    public ObjectSealer(ReadOnlySpan<byte> storageKey, IRandomSource random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(storageKey.Length, KeySize);
        _key = new SecretBytes(storageKey);
        _random = random;
    }

    /// <summary>The sealer of a node. Whoever has the node's signing key can read its labels, nobody else.</summary>
    /// <param name="key">The node's key; not kept.</param>
    /// <param name="random">The salts.</param>
    public static ObjectSealer Of(MlDsa65SigningKey key, IRandomSource random)
    {
        byte[] seed = key.ExportSeed();
        Span<byte> storageKey = stackalloc byte[KeySize];
        try
        {
            HkdfSha256.DeriveKey(seed, default, "SigmaComms/1 node bucket"u8, storageKey);
            return new ObjectSealer(storageKey, random);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
            CryptographicOperations.ZeroMemory(storageKey);
        }
    }

    /// <summary>Makes the head of a fragment's object.</summary>
    /// <param name="label">What the fragment is.</param>
    /// <param name="digests">SHA-256 of each of its blocks, 32 bytes each.</param>
    public byte[] Seal(FragmentLabel label, ReadOnlySpan<byte> digests)
    {
        WireWriter encoded = new();
        label.Write(encoded);
        byte[] plain = new WireWriter().Opaque16(encoded.Written).Fixed(digests).ToArray();
        byte[] head = new byte[PrefixSize + SaltSize + plain.Length + Aes256Gcm.TagSize];
        head[0] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(1), (uint)(head.Length - PrefixSize));
        Span<byte> salt = head.AsSpan(PrefixSize, SaltSize);
        _random.Fill(salt);
        Span<byte> key = stackalloc byte[Aes256Gcm.KeySize];
        Span<byte> associated = stackalloc byte[PrefixSize + Digest.SizeBytes];
        Associate(head, label.Id, associated);
        try
        {
            DeriveKey(salt, key);
            Aes256Gcm.Seal(
                key, stackalloc byte[Aes256Gcm.NonceSize], plain, associated, head.AsSpan(PrefixSize + SaltSize));
            return head;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Reads how long a head is out of an object's first bytes.</summary>
    /// <param name="start">Untrusted.</param>
    /// <param name="sizeBytes">Bytes of the whole head, or 0.</param>
    /// <returns>False if no head begins so.</returns>
    public static bool TryReadSize(ReadOnlySpan<byte> start, out int sizeBytes)
    {
        sizeBytes = 0;
        if (start.Length < PrefixSize || start[0] != Version)
        {
            return false;
        }

        uint rest = BinaryPrimitives.ReadUInt32BigEndian(start[1..]);
        if (rest is < SaltSize + Aes256Gcm.TagSize or > SaltSize + BoxSizeMax)
        {
            return false;
        }

        sizeBytes = PrefixSize + (int)rest;
        return true;
    }

    /// <summary>Opens a head.</summary>
    /// <param name="id">The fragment whose object it comes from.</param>
    /// <param name="head">The whole head; untrusted.</param>
    /// <param name="opened">What is in it, or null.</param>
    /// <returns>False if it is not what <see cref="Seal"/> made for this fragment.</returns>
    public bool TryOpen(FragmentId id, ReadOnlySpan<byte> head, [NotNullWhen(true)] out ObjectHead? opened)
    {
        opened = null;
        if (!TryReadSize(head, out int sizeBytes) || sizeBytes != head.Length)
        {
            return false;
        }

        byte[] plain = new byte[sizeBytes - PrefixSize - SaltSize - Aes256Gcm.TagSize];
        Span<byte> key = stackalloc byte[Aes256Gcm.KeySize];
        Span<byte> associated = stackalloc byte[PrefixSize + Digest.SizeBytes];
        Associate(head, id, associated);
        try
        {
            DeriveKey(head.Slice(PrefixSize, SaltSize), key);
            if (!Aes256Gcm.TryOpen(
                key, stackalloc byte[Aes256Gcm.NonceSize], head[(PrefixSize + SaltSize)..], associated, plain))
            {
                return false;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }

        opened = Parse(id, plain, sizeBytes);
        return opened is not null;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static ObjectHead? Parse(FragmentId id, byte[] plain, int sizeBytes)
    {
        WireReader reader = new(plain);
        ReadOnlySpan<byte> encoded = reader.Opaque16(FragmentLabel.EncodedSizeMax);
        int digestsSize = reader.Remaining;
        if (reader.Failed || !FragmentLabel.TryDecode(encoded, out FragmentLabel? label) || label.Id != id)
        {
            return null;
        }

        ReadOnlyMemory<byte> digests = plain.AsMemory(plain.Length - digestsSize);
        return digestsSize == FragmentTree.BlockCount(label.Length) * Digest.SizeBytes
            && FragmentTree.Root(digests.Span) == label.Root
            ? new ObjectHead(label, digests, sizeBytes)
            : null;
    }

    private static void Associate(ReadOnlySpan<byte> head, FragmentId id, Span<byte> associated)
    {
        head[..PrefixSize].CopyTo(associated);
        id.Value.CopyTo(associated[PrefixSize..]);
    }

    private void DeriveKey(ReadOnlySpan<byte> salt, Span<byte> key) =>
        HkdfSha512.DeriveKey(_key.Span, salt, "sigma bucket object 1"u8, key);
}
