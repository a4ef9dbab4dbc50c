using System.Globalization;
using SigmaComms.Cluster.Disks;

namespace SigmaComms.Cluster.Control.Blocks;

/// <summary>The blocks of 256 heights, in the order in which they came, and what was kept of their proofs.</summary>
/// <remarks>
/// One thread writes; any may read meanwhile. What is read while the file is closed or deleted is just not there.
/// </remarks>
internal sealed class BlockFile : IDisposable
{
    /// <summary>Heights of a file.</summary>
    public const int HeightsPerFile = 256;

    private const string Prefix = "blocks-";
    private const string Suffix = ".dat";

    private readonly IDiskFile _file;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(ulong Height, BlockEntryKind Kind), (BlockEntry Entry, long Offset)> _entries =
        [];

    // A file that was found may be in the page cache only.
    private bool _isSynced;

    private BlockFile(IDiskFile file) => _file = file;

    /// <summary>Bytes of all entries.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>The heights of all proofs, in order.</summary>
    public IReadOnlyList<ulong> Proofs
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Keys.Where(key => key.Kind == BlockEntryKind.Proof).Select(key => key.Height)];
            }
        }
    }

    /// <summary>The file's name of the heights from number * 256 on.</summary>
    public static string NameOf(ulong number) => Prefix + number.ToString("x16", CultureInfo.InvariantCulture) + Suffix;

    /// <summary>The number in a file's name.</summary>
    public static bool TryParseName(string name, out ulong number)
    {
        number = 0;
        return name.Length == Prefix.Length + 16 + Suffix.Length
            && ulong.TryParse(
                name.AsSpan(Prefix.Length, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out number)
            && NameOf(number) == name;
    }

    /// <summary>Makes an empty file.</summary>
    public static BlockFile Create(IDisk disk, ulong number) => new(disk.Create(NameOf(number), 0));

    /// <summary>
    /// Reads the heads of a file up to the first that is torn or damaged; what is after is not there.
    /// </summary>
    public static BlockFile Open(IDisk disk, ulong number)
    {
        BlockFile file = new(disk.Open(NameOf(number)));
        byte[] head = new byte[BlockEntry.SizeBytes];
        long length = file._file.Length;
        while (length - file.SizeBytes >= BlockEntry.SizeBytes && file.TryRead(file.SizeBytes, head)
            && BlockEntry.TryRead(head, out BlockEntry entry)
            && entry.Identity.Height.Value / HeightsPerFile == number
            && length - file.SizeBytes - BlockEntry.SizeBytes >= entry.PayloadSize)
        {
            file.Add(entry);
        }

        return file;
    }

    /// <summary>The head of an entry.</summary>
    public bool TryFind(ulong height, BlockEntryKind kind, out BlockEntry entry) =>
        TryFind(height, kind, out entry, out _);

    /// <summary>Reads what an entry holds.</summary>
    /// <returns>Null if there is none, or it is damaged; then it is forgotten, so that it can be put again.</returns>
    public byte[]? Read(ulong height, BlockEntryKind kind)
    {
        if (!TryFind(height, kind, out BlockEntry entry, out long offset))
        {
            return null;
        }

        byte[] payload = new byte[entry.PayloadSize];
        if (TryRead(offset + BlockEntry.SizeBytes, payload) && Crc32C.Of(payload) == entry.PayloadChecksum)
        {
            return payload;
        }

        Forget(height, kind);
        return null;
    }

    /// <summary>Reads the first bytes of what an entry holds, unchecked.</summary>
    /// <returns>False if there are not as many.</returns>
    public bool TryReadStart(ulong height, BlockEntryKind kind, Span<byte> start) =>
        TryFind(height, kind, out BlockEntry entry, out long offset) && entry.PayloadSize >= start.Length
        && TryRead(offset + BlockEntry.SizeBytes, start);

    /// <summary>Forgets an entry; the bytes stay until the file is deleted.</summary>
    public void Forget(ulong height, BlockEntryKind kind)
    {
        lock (_gate)
        {
            _entries.Remove((height, kind));
        }
    }

    /// <summary>Adds an entry at the end; durable after <see cref="Sync"/>.</summary>
    public void Append(BlockEntryKind kind, BlockIdentity identity, ReadOnlySpan<byte> payload)
    {
        BlockEntry entry = new(kind, identity, payload.Length, Crc32C.Of(payload));
        byte[] bytes = new byte[BlockEntry.SizeBytes + payload.Length];
        entry.Write(bytes);
        payload.CopyTo(bytes.AsSpan(BlockEntry.SizeBytes));
        _file.Write(SizeBytes, bytes);
        _isSynced = false;
        Add(entry);
    }

    /// <summary>Makes all entries durable.</summary>
    /// <returns>False if they were.</returns>
    public bool Sync()
    {
        if (_isSynced)
        {
            return false;
        }

        _file.Sync();
        return _isSynced = true;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private bool TryFind(ulong height, BlockEntryKind kind, out BlockEntry entry, out long offset)
    {
        lock (_gate)
        {
            bool isFound = _entries.TryGetValue((height, kind), out (BlockEntry Entry, long Offset) found);
            (entry, offset) = found;
            return isFound;
        }
    }

    private void Add(BlockEntry entry)
    {
        lock (_gate)
        {
            _entries[(entry.Identity.Height.Value, entry.Kind)] = (entry, SizeBytes);
        }

        SizeBytes += BlockEntry.SizeBytes + entry.PayloadSize;
    }

    private bool TryRead(long offset, Span<byte> destination)
    {
        try
        {
            return _file.Read(offset, destination) == destination.Length;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // What the disk does not give is not there; peers have it too. Nor is what was deleted meanwhile.
            return false;
        }
    }
}
