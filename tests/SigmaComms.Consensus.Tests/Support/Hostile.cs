namespace SigmaComms.Consensus.Tests.Support;

/// <summary>Bytes as somebody hostile would change them.</summary>
internal static class Hostile
{
    /// <summary>The bytes with each bit flipped in turn.</summary>
    public static IEnumerable<byte[]> BitFlips(byte[] bytes) => BitFlips(bytes, 1);

    /// <summary>The bytes with every so-manieth bit flipped in turn.</summary>
    public static IEnumerable<byte[]> BitFlips(byte[] bytes, int step)
    {
        for (int bit = 0; bit < bytes.Length * 8; bit += step)
        {
            byte[] changed = [.. bytes];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return changed;
        }
    }

    /// <summary>The bytes cut at every length, and with one byte too many.</summary>
    public static IEnumerable<byte[]> Cuts(byte[] bytes) => Cuts(bytes, 1);

    /// <summary>The bytes cut at every so-manieth length, and with one byte too many.</summary>
    public static IEnumerable<byte[]> Cuts(byte[] bytes, int step)
    {
        for (int length = 0; length < bytes.Length; length += step)
        {
            yield return bytes[..length];
        }

        yield return [.. bytes, 0];
    }

    /// <summary>Random bytes, some of them after a true beginning.</summary>
    public static IEnumerable<byte[]> Noise(byte[] bytes, int count, SeededRandom random)
    {
        for (int i = 0; i < count; i++)
        {
            byte[] tail = random.Bytes(random.Below(200));
            yield return [.. bytes.AsSpan(0, random.Below(Math.Min(bytes.Length, 120) + 1)), .. tail];
        }
    }
}
