namespace SigmaComms.Cryptography.Signatures;

/// <summary>Reads an ECDSA signature in DER, in the one form that DER allows, without exceptions.</summary>
/// <standard>RFC 3279, section 2.2.3; X.690, sections 8.3, 10.1.</standard>
internal static class EcdsaEncoding
{
    private const byte SequenceTag = 0x30;
    private const byte IntegerTag = 0x02;
    private const int HeaderSize = 2;

    /// <summary>Reads both numbers, big-endian, each padded to half of the output.</summary>
    /// <param name="der">Untrusted bytes.</param>
    /// <param name="numbers">Receives r | s; for curves whose numbers need no long form of length.</param>
    /// <returns>False if the bytes are not exactly two positive integers that fit.</returns>
    public static bool TryRead(ReadOnlySpan<byte> der, Span<byte> numbers)
    {
        if (der.Length < HeaderSize || der[0] != SequenceTag || der[1] > 0x7F || der[1] != der.Length - HeaderSize)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = der[HeaderSize..];
        int half = numbers.Length / 2;
        return TryReadInteger(ref rest, numbers[..half]) && TryReadInteger(ref rest, numbers[half..]) && rest.IsEmpty;
    }

    private static bool TryReadInteger(ref ReadOnlySpan<byte> rest, Span<byte> number)
    {
        if (rest.Length < HeaderSize || rest[0] != IntegerTag || rest[1] == 0 || rest[1] > rest.Length - HeaderSize)
        {
            return false;
        }

        ReadOnlySpan<byte> value = rest.Slice(HeaderSize, rest[1]);
        rest = rest[(HeaderSize + rest[1])..];
        bool padded = value[0] == 0;
        bool minimal = !padded || (value.Length > 1 && value[1] > 0x7F);
        if (value[0] > 0x7F || !minimal)
        {
            return false;
        }

        value = padded ? value[1..] : value;
        if (value.Length > number.Length)
        {
            return false;
        }

        number.Clear();
        value.CopyTo(number[(number.Length - value.Length)..]);
        return true;
    }
}
