using System.Buffers.Binary;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Messaging.Channels.Handshakes;

namespace SigmaComms.Messaging.Channels.Records;

/// <summary>Protects the records of one direction under one traffic secret and its successors.</summary>
/// <standard>RFC 8446, sections 5.2, 5.3, 7.2 and 7.3.</standard>
internal sealed class RecordProtection : IDisposable
{
    private const int NonceSize = 12;

    private readonly SuiteProfile _suite;
    private readonly SecretBytes _secret;
    private readonly SecretBytes _iv = new(NonceSize);
    private AesGcmCipher _cipher;
    private ulong _sequence;
    private bool _disposed;

    /// <summary>Takes a traffic secret over and disposes it later.</summary>
    public RecordProtection(SuiteProfile suite, SecretBytes trafficSecret)
    {
        _suite = suite;
        _secret = trafficSecret;
        _cipher = Rekey();
    }

    /// <summary>Records sealed or opened under the present key.</summary>
    public long RecordCount => (long)_sequence;

    /// <summary>The size of the record that seals so much content.</summary>
    public static int SealedSize(int contentLength) =>
        RecordLimits.HeaderSize + contentLength + RecordLimits.SealedOverhead;

    /// <summary>Seals content into a whole record.</summary>
    /// <param name="type">What the content is.</param>
    /// <param name="content">At most 2^14 bytes.</param>
    /// <param name="record">Receives <see cref="SealedSize"/> bytes.</param>
    public void Seal(ContentType type, ReadOnlySpan<byte> content, Span<byte> record)
    {
        Invariant.Holds(content.Length <= RecordLimits.ContentMax && !_disposed);
        Span<byte> header = record[..RecordLimits.HeaderSize];
        Span<byte> body = record[RecordLimits.HeaderSize..];
        header[0] = (byte)ContentType.ApplicationData;
        BinaryPrimitives.WriteUInt16BigEndian(header[1..], RecordLimits.Version);
        BinaryPrimitives.WriteUInt16BigEndian(header[3..], (ushort)body.Length);

        // The content is sealed where it will lie: one copy, no buffer between.
        Span<byte> inner = body[..(content.Length + 1)];
        content.CopyTo(inner);
        inner[^1] = (byte)type;
        Span<byte> nonce = stackalloc byte[NonceSize];
        NextNonce(nonce);
        _cipher.Seal(nonce, inner, header, body);
    }

    /// <summary>Opens a record's body into its inner plaintext: content, type and padding.</summary>
    /// <param name="record">A protected record.</param>
    /// <param name="inner">Receives the body's length less the tag.</param>
    /// <returns>False, with the output zeroed, if the record is not authentic.</returns>
    public bool TryOpen(Record record, Span<byte> inner)
    {
        Invariant.Holds(!_disposed);
        Span<byte> nonce = stackalloc byte[NonceSize];
        NextNonce(nonce);
        return _cipher.TryOpen(nonce, record.Body, record.Header, inner);
    }

    /// <summary>Goes on to the next generation of the traffic secret.</summary>
    public void Update()
    {
        Span<byte> next = stackalloc byte[_suite.HashSize];
        _suite.ExpandLabel(_secret.Span, "traffic upd", default, next);
        next.CopyTo(_secret.Span);
        CryptographicOperations.ZeroMemory(next);
        _cipher.Dispose();
        _cipher = Rekey();
    }

    /// <summary>The Finished value that the owner of this secret sends.</summary>
    /// <standard>RFC 8446, section 4.4.4.</standard>
    public void Finished(ReadOnlySpan<byte> transcriptHash, Span<byte> verifyData)
    {
        Span<byte> key = stackalloc byte[_suite.HashSize];
        _suite.ExpandLabel(_secret.Span, "finished", default, key);
        CryptographicOperations.HmacData(_suite.Hash, key, transcriptHash, verifyData);
        CryptographicOperations.ZeroMemory(key);
    }

    public void Dispose()
    {
        _disposed = true;
        _secret.Dispose();
        _iv.Dispose();
        _cipher.Dispose();
    }

    private AesGcmCipher Rekey()
    {
        Span<byte> key = stackalloc byte[_suite.KeySize];
        _suite.ExpandLabel(_secret.Span, "key", default, key);
        _suite.ExpandLabel(_secret.Span, "iv", default, _iv.Span);
        _sequence = 0;
        var cipher = new AesGcmCipher(key);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }

    private void NextNonce(Span<byte> nonce)
    {
        Span<byte> iv = _iv.Span;
        iv.CopyTo(nonce);
        ulong tail = BinaryPrimitives.ReadUInt64BigEndian(iv[4..]) ^ _sequence;
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], tail);
        _sequence++;
    }
}
