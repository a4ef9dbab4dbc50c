using System.Buffers.Binary;
using SigmaComms.Cryptography.Aead;

namespace SigmaComms.Cryptography.Hpke;

/// <summary>What both sides hold after the setup: a cipher, a nonce that counts, a secret to export from.</summary>
/// <standard>RFC 9180, sections 5.1 to 5.3.</standard>
internal sealed class HpkeContext : IDisposable
{
    private readonly HpkeKdf _kdf;
    private readonly byte[] _suite;
    private readonly AeadCipher? _cipher;
    private readonly SecretBytes _baseNonce;
    private readonly SecretBytes _exporterSecret;

    /// <summary>The key schedule of base mode.</summary>
    public HpkeContext(
        HpkeKem kem, HpkeKdf kdf, HpkeAead aead, ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> info)
    {
        _kdf = kdf;
        _suite = new byte[10];
        "HPKE"u8.CopyTo(_suite);
        BinaryPrimitives.WriteUInt16BigEndian(_suite.AsSpan(4), kem.Id);
        BinaryPrimitives.WriteUInt16BigEndian(_suite.AsSpan(6), kdf.Id);
        BinaryPrimitives.WriteUInt16BigEndian(_suite.AsSpan(8), aead.Id);

        // Mode 0 is base; it has no shared key, and so an empty identity of one.
        Span<byte> context = stackalloc byte[1 + (2 * kdf.HashSize)];
        context[0] = 0;
        HpkeLabels.Extract(kdf, _suite, default, "psk_id_hash"u8, default, context.Slice(1, kdf.HashSize));
        HpkeLabels.Extract(kdf, _suite, default, "info_hash"u8, info, context[(1 + kdf.HashSize)..]);
        using SecretBytes secret = new(kdf.HashSize);
        HpkeLabels.Extract(kdf, _suite, sharedSecret, "secret"u8, default, secret.Span);
        _exporterSecret = new SecretBytes(kdf.HashSize);
        HpkeLabels.Expand(kdf, _suite, secret.Span, "exp"u8, context, _exporterSecret.Span);
        _baseNonce = new SecretBytes(aead.Algorithm?.NonceSize ?? 0);
        if (aead.Algorithm is null)
        {
            return;
        }

        using SecretBytes key = new(aead.Algorithm.KeySize);
        HpkeLabels.Expand(kdf, _suite, secret.Span, "key"u8, context, key.Span);
        HpkeLabels.Expand(kdf, _suite, secret.Span, "base_nonce"u8, context, _baseNonce.Span);
        _cipher = aead.Algorithm.Create(key.Span);
    }

    /// <summary>How many messages there were. The last number is never used: it cannot be counted past.</summary>
    public ulong Sequence { get; set; }

    /// <summary>Whether no further message may be sealed or opened.</summary>
    public bool IsSpent => Sequence == ulong.MaxValue;

    /// <summary>The cipher.</summary>
    /// <exception cref="InvalidOperationException">The suite only exports secrets.</exception>
    public AeadCipher Cipher =>
        _cipher ?? throw new InvalidOperationException("The suite has no cipher; it only exports secrets.");

    /// <summary>The nonce of the next message.</summary>
    public void WriteNonce(Span<byte> nonce)
    {
        Span<byte> counter = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(counter, Sequence);
        _baseNonce.Span.CopyTo(nonce);
        Span<byte> end = nonce[^sizeof(ulong)..];
        for (int i = 0; i < end.Length; i++)
        {
            end[i] ^= counter[i];
        }
    }

    /// <summary>A secret for another use.</summary>
    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(secret.Length, 255 * _kdf.HashSize, nameof(secret));
        HpkeLabels.Expand(_kdf, _suite, _exporterSecret.Span, "sec"u8, exporterContext, secret);
    }

    public void Dispose()
    {
        _cipher?.Dispose();
        _baseNonce.Dispose();
        _exporterSecret.Dispose();
    }
}
