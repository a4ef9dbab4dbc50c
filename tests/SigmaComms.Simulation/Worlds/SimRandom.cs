using System.Buffers.Binary;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Simulation.Worlds;

/// <summary>The one source of chance. The same seed gives the same numbers on every machine and runtime.</summary>
/// <standard>SplitMix64: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number generators, 2014.</standard>
internal sealed class SimRandom(ulong seed) : IRandomSource
{
    private ulong _state = seed;

    /// <summary>A source of its own, so that more draws here change nothing there.</summary>
    public SimRandom Fork(string label)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (char c in label)
        {
            hash = unchecked((hash ^ c) * 1_099_511_628_211);
        }

        return new SimRandom(Mix(_state ^ hash));
    }

    public ulong Next()
    {
        _state = unchecked(_state + 0x9E37_79B9_7F4A_7C15);
        return Mix(_state);
    }

    /// <summary>0 to limit - 1.</summary>
    public int Below(int limit) => (int)(((UInt128)Next() * (uint)limit) >> 64);

    public int Between(int first, int last) => first + Below(last - first + 1);

    public bool Percent(int percent) => Below(100) < percent;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>The items in a random order.</summary>
    public List<T> Shuffle<T>(IEnumerable<T> items)
    {
        List<T> shuffled = [.. items];
        for (int i = shuffled.Count - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }

    public TimeSpan Time(TimeSpan first, TimeSpan last) =>
        first + TimeSpan.FromTicks((long)(Next() % (ulong)Math.Max(1, (last - first).Ticks)));

    public void Fill(Span<byte> destination)
    {
        Span<byte> word = stackalloc byte[8];
        for (int i = 0; i < destination.Length; i += 8)
        {
            BinaryPrimitives.WriteUInt64BigEndian(word, Next());
            word[..Math.Min(8, destination.Length - i)].CopyTo(destination[i..]);
        }
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            return z ^ (z >> 31);
        }
    }
}
