using System.Buffers.Binary;
using System.Globalization;
using SigmaComms.Cryptography;

namespace SigmaComms.Simulation.Worlds;

/// <summary>What happened: the last events for people, and a hash over all of them to compare two runs.</summary>
internal sealed class Trace(Schedule schedule)
{
    private const int Kept = 1_024;

    private readonly TraceEntry[] _entries = new TraceEntry[Kept];
    private ulong _count;
    private ulong _low = 0x6A09_E667_F3BC_C908;
    private ulong _high = 0xBB67_AE85_84CA_A73B;

    /// <summary>A hash over all events so far. Not against attackers: it only tells runs apart.</summary>
    public string Hash =>
        string.Create(CultureInfo.InvariantCulture, $"{_high:x16}{_low:x16}");

    public ulong Count => _count;

    public void Note(int node, string what, ulong first = 0, ulong second = 0, Digest digest = default)
    {
        _entries[_count++ % Kept] = new TraceEntry(schedule.Now, node, what, first, second, digest);
        Mix((ulong)schedule.Now.Ticks);
        Mix(unchecked((ulong)node));
        foreach (char c in what)
        {
            _low = unchecked((_low ^ c) * 0x0000_0100_0000_01B3);
        }

        Mix(first);
        Mix(second);
        Span<byte> bytes = stackalloc byte[Digest.SizeBytes];
        digest.CopyTo(bytes);
        Mix(BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    /// <summary>The last events, the oldest first.</summary>
    public IEnumerable<string> Last(int count)
    {
        ulong kept = Math.Min(_count, Math.Min(Kept, (ulong)count));
        for (ulong i = _count - kept; i < _count; i++)
        {
            yield return _entries[i % Kept].ToString();
        }
    }

    private void Mix(ulong value)
    {
        unchecked
        {
            _low = (_low ^ value) * 0x9E37_79B9_7F4A_7C15;
            _low ^= _low >> 29;
            _high = ((_high + _low) * 0xBF58_476D_1CE4_E5B9) ^ (_low >> 31);
        }
    }
}
