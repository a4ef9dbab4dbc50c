using SigmaComms.Cryptography.Aead;

namespace SigmaComms.Cryptography.Hpke;

/// <summary>The side of an HPKE context that seals, in an order that the receiver repeats.</summary>
/// <remarks>Safe to call from any thread; the order of the calls is the order of the messages.</remarks>
/// <standard>RFC 9180, sections 5.2 and 5.3.</standard>
public sealed class HpkeSender : IDisposable
{
    /// <summary>A ciphertext is that much longer than its plaintext: 16 bytes.</summary>
    public const int TagSize = AeadAlgorithm.TagSize;

    private const int NonceSize = 12;

    private readonly Lock _lock = new();
    private readonly HpkeContext _context;

    internal HpkeSender(HpkeContext context) => _context = context;

    /// <summary>The number of the next message; a test starts near the end.</summary>
    internal ulong Sequence
    {
        get => _context.Sequence;
        set => _context.Sequence = value;
    }

    /// <summary>Encrypts and authenticates the next message.</summary>
    /// <param name="plaintext">What to hide.</param>
    /// <param name="associatedData">What to authenticate only.</param>
    /// <param name="ciphertext">Receives 16 bytes more than the plaintext has.</param>
    /// <exception cref="ArgumentException">The output has the wrong length.</exception>
    /// <exception cref="InvalidOperationException">There is no cipher, or all 2^64 - 1 messages are sent.</exception>
    public void Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> ciphertext)
    {
        Size.Require(ciphertext, plaintext.Length + TagSize);
        lock (_lock)
        {
            if (_context.IsSpent)
            {
                throw new InvalidOperationException("The context has sealed as many messages as it may.");
            }

            Span<byte> nonce = stackalloc byte[NonceSize];
            AeadCipher cipher = _context.Cipher;
            _context.WriteNonce(nonce);
            cipher.Seal(nonce, plaintext, associatedData, ciphertext);
            _context.Sequence++;
        }
    }

    /// <summary>Makes a secret for another use, which the receiver can make too.</summary>
    /// <param name="exporterContext">What it is for.</param>
    /// <param name="secret">Receives up to 255 hashes' worth of secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">More bytes are asked for than there can be.</exception>
    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> secret) =>
        _context.Export(exporterContext, secret);

    /// <summary>Forgets all keys. May be called twice.</summary>
    public void Dispose() => _context.Dispose();
}
