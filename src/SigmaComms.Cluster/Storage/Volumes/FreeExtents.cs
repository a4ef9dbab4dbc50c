using System.Numerics;

namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>
/// Free neighbouring blocks of one kind, by size class: powers of two. A request is served from the first class in
/// which every extent is large enough; only if there is none, the class below is searched.
/// </summary>
internal sealed class FreeExtents
{
    private readonly SortedDictionary<int, int> _byStart = [];
    private readonly Dictionary<int, int> _byEnd = [];
    private readonly SortedSet<int>[] _classes = new SortedSet<int>[31];

    public FreeExtents()
    {
        for (int i = 0; i < _classes.Length; i++)
        {
            _classes[i] = [];
        }
    }

    /// <summary>Blocks in all extents.</summary>
    public int Blocks { get; private set; }

    /// <summary>Adds blocks, and joins them with their neighbours.</summary>
    public void Add(int start, int count)
    {
        Blocks += count;
        if (_byEnd.TryGetValue(start, out int before))
        {
            count += Take(before);
            start = before;
        }

        if (_byStart.ContainsKey(start + count))
        {
            count += Take(start + count);
        }

        Put(start, count);
    }

    /// <summary>Takes neighbouring blocks out.</summary>
    /// <returns>Where they begin; -1 if no extent is large enough.</returns>
    public int Take(int count, bool isPartEnough, out int taken)
    {
        int start = Find(count);
        taken = count;
        if (start < 0 && isPartEnough && Blocks > 0)
        {
            start = LargestClass().Min;
            taken = Math.Min(count, _byStart[start]);
        }

        if (start < 0)
        {
            taken = 0;
            return -1;
        }

        int whole = Take(start);
        if (whole > taken)
        {
            Put(start + taken, whole - taken);
        }

        Blocks -= taken;
        return start;
    }

    private int Find(int count)
    {
        int sure = count == 1 ? 0 : BitOperations.Log2((uint)(count - 1)) + 1;
        for (int i = sure; i < _classes.Length; i++)
        {
            if (_classes[i].Count > 0)
            {
                return _classes[i].Min;
            }
        }

        foreach (int start in _classes[BitOperations.Log2((uint)count)])
        {
            if (_byStart[start] >= count)
            {
                return start;
            }
        }

        return -1;
    }

    private SortedSet<int> LargestClass() => _classes.Last(extents => extents.Count > 0);

    private void Put(int start, int count)
    {
        _byStart.Add(start, count);
        _byEnd.Add(start + count, start);
        _classes[BitOperations.Log2((uint)count)].Add(start);
    }

    private int Take(int start)
    {
        _byStart.Remove(start, out int count);
        _byEnd.Remove(start + count);
        _classes[BitOperations.Log2((uint)count)].Remove(start);
        return count;
    }
}
