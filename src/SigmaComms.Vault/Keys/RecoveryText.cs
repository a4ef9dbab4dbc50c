using System.Security.Cryptography;
using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Keys;

/// <summary>Bytes as groups of digits that a person can copy by hand: Crockford's base 32 and a checksum.</summary>
/// <remarks>Writing looks nothing up; what a person types back is read by comparing.</remarks>
internal static class RecoveryText
{
    private const int GroupSize = 8;
    private const int BitsPerDigit = 5;

    private static ReadOnlySpan<byte> ChecksumLabel => "sigma vault 1 recovery"u8;

    /// <summary>How many characters bytes need, with hyphens between groups.</summary>
    /// <param name="payloadSize">Bytes with the checksum; a multiple of 5.</param>
    public static int LengthOf(int payloadSize)
    {
        int digits = payloadSize * 8 / BitsPerDigit;
        return digits + ((digits - 1) / GroupSize);
    }

    /// <summary>Writes the checksum over all bytes before it into the last ones.</summary>
    public static void Seal(Span<byte> payload, int checksumSize)
    {
        Span<byte> hash = stackalloc byte[Digest.SizeBytes];
        Checksum(payload[..^checksumSize], hash);
        hash[..checksumSize].CopyTo(payload[^checksumSize..]);
    }

    /// <summary>Whether the last bytes are the checksum of those before.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> payload, int checksumSize)
    {
        Span<byte> hash = stackalloc byte[Digest.SizeBytes];
        Checksum(payload[..^checksumSize], hash);
        return CryptographicOperations.FixedTimeEquals(hash[..checksumSize], payload[^checksumSize..]);
    }

    /// <summary>Writes bytes as digits.</summary>
    public static void Format(ReadOnlySpan<byte> payload, Span<char> text)
    {
        Invariant.Holds(text.Length == LengthOf(payload.Length));
        uint pending = 0;
        (int bits, int digits, int at) = (0, 0, 0);
        foreach (byte value in payload)
        {
            pending = ((pending << 8) | value) & 0xFFFF;
            bits += 8;
            while (bits >= BitsPerDigit)
            {
                bits -= BitsPerDigit;
                if (digits > 0 && digits % GroupSize == 0)
                {
                    text[at++] = '-';
                }

                text[at++] = DigitOf((int)(pending >> bits) & 31);
                digits++;
            }
        }

        Invariant.Holds(bits == 0 && at == text.Length);
    }

    /// <summary>Reads digits: upper or lower case, O as 0, I and L as 1, hyphens and blanks left out.</summary>
    /// <returns>False, with the output zeroed, unless there are exactly as many digits as bytes need.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, Span<byte> payload)
    {
        uint pending = 0;
        (int bits, int at) = (0, 0);
        bool good = true;
        foreach (char digit in text)
        {
            if (digit is '-' or ' ')
            {
                continue;
            }

            int value = ValueOf(digit);
            good &= value >= 0;
            pending = ((pending << BitsPerDigit) | (uint)(value & 31)) & 0xFFFF;
            bits += BitsPerDigit;
            if (bits >= 8)
            {
                bits -= 8;
                if (at == payload.Length)
                {
                    payload.Clear();
                    return false;
                }

                payload[at++] = (byte)((pending >> bits) & 0xFF);
            }
        }

        if (!good || at != payload.Length || bits != 0)
        {
            payload.Clear();
            return false;
        }

        return true;
    }

    private static void Checksum(ReadOnlySpan<byte> payload, Span<byte> hash) =>
        HMACSHA256.HashData(ChecksumLabel, payload, hash);

    // 0-9, A-H, J, K, M, N, P-T, V-Z: every step skips a letter that is read as another.
    private static char DigitOf(int value)
    {
        int letter = value - 10 + 'A'
            + AtLeast(value, 18) + AtLeast(value, 20) + AtLeast(value, 22) + AtLeast(value, 27);
        int isLetter = -AtLeast(value, 10);
        return (char)((letter & isLetter) | ((value + '0') & ~isLetter));
    }

    private static int AtLeast(int value, int bound) => ((value - bound) >> 31) + 1;

    private static int ValueOf(char digit)
    {
        int upper = digit is >= 'a' and <= 'z' ? digit - 32 : digit;
        int read = upper switch
        {
            'O' => '0',
            'I' or 'L' => '1',
            _ => upper,
        };
        for (int value = 0; value < 32; value++)
        {
            if (DigitOf(value) == read)
            {
                return value;
            }
        }

        return -1;
    }
}
