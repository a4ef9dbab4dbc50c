using System.Diagnostics.CodeAnalysis;

namespace SigmaComms.FuseProbe.Memory;

/// <summary>
/// The names of a directory. Each gets the next number when it is added and keeps it, so that a listing can go on
/// after a number whatever came and went meanwhile.
/// </summary>
public sealed class DirectoryTable
{
    private readonly Dictionary<ByteName, int> _numbers = new(NameComparer.Instance);
    private readonly Dictionary<ByteName, int>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly List<(ByteName Name, MemoryNode? Node)> _entries = [];

    public DirectoryTable() => _byBytes = _numbers.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count => _numbers.Count;

    public int NumbersUsed => _entries.Count;

    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out MemoryNode? node)
    {
        node = _byBytes.TryGetValue(name, out int number) ? _entries[number].Node : null;
        return node is not null;
    }

    /// <summary>The name with this number, if it is still there.</summary>
    public bool TryGet(int number, out ReadOnlySpan<byte> name, [NotNullWhen(true)] out MemoryNode? node)
    {
        (ByteName found, node) = _entries[number];
        name = node is null ? default : found.Bytes;
        return node is not null;
    }

    public void Add(ReadOnlySpan<byte> name, MemoryNode node)
    {
        var key = new ByteName(name.ToArray());
        _numbers.Add(key, _entries.Count);
        _entries.Add((key, node));
    }

    public void Replace(ReadOnlySpan<byte> name, MemoryNode node)
    {
        int number = _byBytes[name];
        _entries[number] = (_entries[number].Name, node);
    }

    public void Remove(ReadOnlySpan<byte> name)
    {
        if (_byBytes.Remove(name, out _, out int number))
        {
            _entries[number] = default;
        }
    }
}
