using System.Buffers;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Vault.Erasure;

namespace SigmaComms.Vault.Sealing;

/// <summary>Turns plaintext into the k + m fragments of a stripe and the entry that finds and opens them.</summary>
/// <remarks>Pure but for the randomness it is given. Safe to call from any thread until it is disposed.</remarks>
/// <standard>docs/specs/vault.md; AES-256-GCM of NIST SP 800-38D under a key that is used once.</standard>
public sealed class StripeSealer : IDisposable
{
    private readonly Digest _vault;
    private readonly SecretBytes _contentKey;
    private readonly ErasureCode _code;

    /// <summary>Prepares sealing for one vault.</summary>
    /// <param name="vault">The vault's id.</param>
    /// <param name="contentKey">32 secret bytes, copied.</param>
    /// <param name="dataFragments">k: 1 to 128.</param>
    /// <param name="parityFragments">m: below 2k; k + m at most 255.</param>
    /// <exception cref="ArgumentException">A number or the key's length is out of its range.</exception>
    public StripeSealer(Digest vault, ReadOnlySpan<byte> contentKey, int dataFragments, int parityFragments)
    {
        if (contentKey.Length != StripePackage.LockSize
            || !StripeLayout.IsValid(1, dataFragments, parityFragments))
        {
            throw new ArgumentException("The key has not 32 bytes, or there is no such shape.", nameof(contentKey));
        }

        _vault = vault;
        _contentKey = new SecretBytes(contentKey);
        _code = new ErasureCode(dataFragments, parityFragments);
    }

    /// <summary>The sizes of a stripe with so much plaintext.</summary>
    /// <param name="plaintextLength">Bytes: 1 to 8 MiB.</param>
    /// <exception cref="ArgumentException">The length is out of its range.</exception>
    public StripeLayout LayoutOf(int plaintextLength) =>
        new(plaintextLength, _code.DataFragments, _code.ParityFragments);

    /// <summary>Seals.</summary>
    /// <param name="plaintext">1 byte to 8 MiB; may stand at the beginning of the output already.</param>
    /// <param name="stripe">Receives the fragments one after the other; the length of the layout.</param>
    /// <param name="random">Where the stripe's id and key come from.</param>
    /// <returns>The entry; without it the fragments are worth nothing.</returns>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public StripeEntry Seal(ReadOnlySpan<byte> plaintext, Span<byte> stripe, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        StripeLayout layout = LayoutOf(plaintext.Length);
        if (stripe.Length != layout.StripeLength)
        {
            throw new ArgumentException($"The stripe has {layout.StripeLength} bytes.", nameof(stripe));
        }

        plaintext.CopyTo(stripe);
        stripe[plaintext.Length..layout.BodyLength].Clear();
        Span<byte> random48 = stackalloc byte[StripeId.SizeBytes + StripePackage.LockSize];
        Span<byte> tag = stackalloc byte[StripeEntry.TagSize];
        try
        {
            random.Fill(random48);
            StripeId id = new(random48[..StripeId.SizeBytes]);
            Span<byte> key = random48[StripeId.SizeBytes..];
            Encrypt(key, StripePackage.AssociatedData(_vault, id, layout), stripe[..layout.BodyLength], tag);
            _code.Encode(stripe);
            return Pack(id, layout, stripe, key, tag);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(random48);
        }
    }

    /// <summary>Zeroes the key. May be called twice.</summary>
    public void Dispose() => _contentKey.Dispose();

    private static void Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> associated, Span<byte> body, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[StripePackage.NonceSize];
        nonce.Clear();
        using AesGcm cipher = new(key, StripeEntry.TagSize);
        cipher.Encrypt(nonce, body, body, tag, associated);
    }

    private StripeEntry Pack(
        StripeId id, StripeLayout layout, ReadOnlySpan<byte> stripe, Span<byte> key, ReadOnlySpan<byte> tag)
    {
        int treeSize = FragmentTree.BlockCount(layout.FragmentLength) * Digest.SizeBytes;
        int sizeBytes = layout.Fragments * treeSize;
        byte[] digests = ArrayPool<byte>.Shared.Rent(sizeBytes);
        try
        {
            Digest[] roots = new Digest[layout.Fragments];
            for (int i = 0; i < roots.Length; i++)
            {
                Span<byte> tree = digests.AsSpan(i * treeSize, treeSize);
                FragmentTree.HashBlocks(stripe.Slice(i * layout.FragmentLength, layout.FragmentLength), tree);
                roots[i] = FragmentTree.Root(tree);
            }

            ReadOnlySpan<byte> ofData = digests.AsSpan(0, layout.DataFragments * treeSize);
            StripePackage.ApplyLock(_contentKey.Span, _vault, id, ofData, key);
            return new StripeEntry(id, layout, key, tag, roots);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(digests.AsSpan(0, sizeBytes));
            ArrayPool<byte>.Shared.Return(digests);
        }
    }
}
