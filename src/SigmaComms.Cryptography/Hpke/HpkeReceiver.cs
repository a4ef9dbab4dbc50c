using System.Security.Cryptography;
using SigmaComms.Cryptography.Aead;

namespace SigmaComms.Cryptography.Hpke;

/// <summary>The side of an HPKE context that opens, in the order in which the sender sealed.</summary>
/// <remarks>Safe to call from any thread; the order of the calls is the order of the messages.</remarks>
/// <standard>RFC 9180, sections 5.2 and 5.3.</standard>
public sealed class HpkeReceiver : IDisposable
{
    private const int NonceSize = 12;

    private readonly Lock _lock = new();
    private readonly HpkeContext _context;

    internal HpkeReceiver(HpkeContext context) => _context = context;

    /// <summary>The number of the next message; a test starts near the end.</summary>
    internal ulong Sequence
    {
        get => _context.Sequence;
        set => _context.Sequence = value;
    }

    /// <summary>Checks and decrypts the next message. One that fails does not count.</summary>
    /// <param name="ciphertext">Untrusted; any length.</param>
    /// <param name="associatedData">What was authenticated with it.</param>
    /// <param name="plaintext">Receives 16 bytes less than the ciphertext has, or none if that is shorter.</param>
    /// <returns>False, with the output zeroed, if it is not the next message, or no more may follow.</returns>
    /// <exception cref="ArgumentException">The output has the wrong length.</exception>
    /// <exception cref="InvalidOperationException">There is no cipher.</exception>
    public bool TryOpen(ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> associatedData, Span<byte> plaintext)
    {
        Size.Require(plaintext, Math.Max(0, ciphertext.Length - AeadAlgorithm.TagSize));
        lock (_lock)
        {
            AeadCipher cipher = _context.Cipher;
            if (_context.IsSpent)
            {
                CryptographicOperations.ZeroMemory(plaintext);
                return false;
            }

            Span<byte> nonce = stackalloc byte[NonceSize];
            _context.WriteNonce(nonce);
            if (!cipher.TryOpen(nonce, ciphertext, associatedData, plaintext))
            {
                return false;
            }

            _context.Sequence++;
            return true;
        }
    }

    /// <summary>Makes a secret for another use, which the sender can make too.</summary>
    /// <param name="exporterContext">What it is for.</param>
    /// <param name="secret">Receives up to 255 hashes' worth of secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">More bytes are asked for than there can be.</exception>
    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> secret) =>
        _context.Export(exporterContext, secret);

    /// <summary>Forgets all keys. May be called twice.</summary>
    public void Dispose() => _context.Dispose();
}
