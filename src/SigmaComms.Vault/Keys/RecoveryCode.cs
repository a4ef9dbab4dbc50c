using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Vault.Keys;

/// <summary>
/// A code of 256 bits that opens a vault when all else is lost: 56 digits in groups of eight, with a checksum of 24
/// bits that tells a slip of the pen from a wrong code.
/// </summary>
public static class RecoveryCode
{
    /// <summary>Size in bytes: 32.</summary>
    public const int SizeBytes = SlotSecret.KeySizeBytes;

    /// <summary>Characters of the text: 62, hyphens included.</summary>
    public const int TextLength = 62;

    internal const int ChecksumSize = 3;

    private const int PayloadSize = SizeBytes + ChecksumSize;

    /// <summary>A new random code.</summary>
    /// <param name="random">Where it comes from.</param>
    /// <returns>32 secret bytes; the caller disposes them.</returns>
    public static SecretBytes Generate(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        SecretBytes code = new(SizeBytes);
        random.Fill(code.Span);
        return code;
    }

    /// <summary>Writes a code as text to be kept on paper.</summary>
    /// <param name="code">32 secret bytes.</param>
    /// <param name="text">Receives 62 characters; the caller clears them once they are shown.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Format(ReadOnlySpan<byte> code, Span<char> text)
    {
        if (code.Length != SizeBytes || text.Length != TextLength)
        {
            throw new ArgumentException("A code has 32 bytes and its text 62 characters.");
        }

        Span<byte> payload = stackalloc byte[PayloadSize];
        try
        {
            code.CopyTo(payload);
            RecoveryText.Seal(payload, ChecksumSize);
            RecoveryText.Format(payload, text);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(payload);
        }
    }

    /// <summary>Reads a code; case, hyphens and blanks do not matter, nor O for 0 and I or L for 1.</summary>
    /// <param name="text">What a person typed.</param>
    /// <param name="code">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <returns>False, with the output zeroed, if digits are missing or mistyped.</returns>
    /// <exception cref="ArgumentException">The output has the wrong length.</exception>
    public static bool TryParse(ReadOnlySpan<char> text, Span<byte> code)
    {
        if (code.Length != SizeBytes)
        {
            throw new ArgumentException("A code has 32 bytes.", nameof(code));
        }

        code.Clear();
        Span<byte> payload = stackalloc byte[PayloadSize];
        try
        {
            if (!RecoveryText.TryParse(text, payload) || !RecoveryText.IsSealed(payload, ChecksumSize))
            {
                return false;
            }

            payload[..SizeBytes].CopyTo(code);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(payload);
        }
    }
}
