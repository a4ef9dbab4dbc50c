namespace SigmaComms.Cryptography.Tests.Fuzzing;

/// <summary>Makes broken inputs out of good ones, the same ones for a seed.</summary>
internal sealed class Mutator(ulong seed, IReadOnlyList<byte[]> corpus)
{
    private static readonly byte[] Edges = [0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xFF];

    private readonly Random _random = new((int)seed);

    /// <summary>One to four changes to an entry of the corpus.</summary>
    public byte[] Next()
    {
        byte[] input = [.. corpus[_random.Next(corpus.Count)]];
        for (int changes = _random.Next(1, 5); changes > 0; changes--)
        {
            input = Change(input);
        }

        return input;
    }

    private byte[] Change(byte[] input)
    {
        if (input.Length == 0)
        {
            return [(byte)_random.Next(256)];
        }

        int at = _random.Next(input.Length);
        switch (_random.Next(9))
        {
            case 0:
                input[at] ^= (byte)(1 << _random.Next(8));
                return input;
            case 1:
                input[at] = Edges[_random.Next(Edges.Length)];
                return input;
            case 2:
                // Lengths and tags stand at the front of most formats.
                int front = _random.Next(Math.Min(input.Length, 40));
                input[front] = unchecked((byte)(input[front] + _random.Next(1, 4)));
                return input;
            case 3:
                return input[..at];
            case 4:
                return [.. input, .. Bytes(_random.Next(1, 20))];
            case 5:
                return [.. input[..at], .. Bytes(_random.Next(1, 5)), .. input[at..]];
            case 6:
                return [.. input[..at], .. input[Math.Min(input.Length, at + _random.Next(1, 9))..]];
            case 7:
                byte[] other = corpus[_random.Next(corpus.Count)];
                return [.. input[..at], .. other[Math.Min(at, other.Length)..]];
            default:
                _random.NextBytes(input.AsSpan(at, Math.Min(_random.Next(1, 40), input.Length - at)));
                return input;
        }
    }

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
