using SigmaComms.Cluster.Disks;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Blocks;

/// <summary>A snapshot on the disk, whole or still coming in: its manifest, then its chunks.</summary>
/// <remarks>
/// Layout in docs/formats/control-log-blocks.md. A chunk counts only if its hash is right, so a file that was
/// interrupted goes on with the chunks that arrived.
/// </remarks>
internal sealed class SnapshotFile : IDisposable
{
    private const int HeadSize = 4 + Digest.SizeBytes;
    private const int SectorSize = 4_096;

    private readonly IDiskFile _file;
    private readonly bool[] _hasChunk;
    private bool _isBroken;

    private SnapshotFile(IDiskFile file, SnapshotManifest manifest)
    {
        _file = file;
        Manifest = manifest;
        _hasChunk = new bool[manifest.Chunks.Count];
    }

    /// <summary>What the snapshot is.</summary>
    public SnapshotManifest Manifest { get; }

    /// <summary>The chunks that are not there, in order.</summary>
    public IReadOnlyList<int> Missing =>
        [.. Enumerable.Range(0, _hasChunk.Length).Where(index => !_hasChunk[index])];

    /// <summary>Makes a file for a snapshot; its chunks are put later.</summary>
    public static SnapshotFile Create(IDisk disk, string name, SnapshotManifest manifest)
    {
        byte[] encoded = manifest.Encode();
        byte[] head = new byte[OffsetOfChunks(encoded.Length)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(head, encoded.Length);
        Digest.Sha256(encoded).CopyTo(head.AsSpan(4, Digest.SizeBytes));
        encoded.CopyTo(head, HeadSize);
        IDiskFile file = disk.Create(name, head.Length + manifest.SizeBytes);
        try
        {
            file.Write(0, head);
            return new SnapshotFile(file, manifest);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file.</summary>
    /// <param name="disk">The folder.</param>
    /// <param name="name">Its name.</param>
    /// <param name="isChecked">Whether every chunk is read to find which are there; else all count as there.</param>
    /// <returns>Null if its manifest cannot be read.</returns>
    public static SnapshotFile? Open(IDisk disk, string name, bool isChecked)
    {
        IDiskFile file = disk.Open(name);
        SnapshotFile? snapshot = ReadManifest(file) is { } manifest ? new SnapshotFile(file, manifest) : null;
        if (snapshot is null)
        {
            file.Dispose();
            return null;
        }

        for (int i = 0; i < snapshot._hasChunk.Length; i++)
        {
            snapshot._hasChunk[i] = !isChecked || snapshot.ReadUnchecked(i) is { } chunk
                && snapshot.Manifest.IsChunk(i, chunk);
        }

        return snapshot;
    }

    /// <summary>Puts a chunk, from a peer perhaps; durable after <see cref="Sync"/>.</summary>
    /// <returns>False if the bytes are not that chunk.</returns>
    public bool TryPut(int index, ReadOnlySpan<byte> chunk)
    {
        RequireUnbroken();
        if (!Manifest.IsChunk(index, chunk))
        {
            return false;
        }

        if (!_hasChunk[index])
        {
            _isBroken = true;
            _file.Write(OffsetOf(index), chunk);
            _isBroken = false;
            _hasChunk[index] = true;
        }

        return true;
    }

    /// <summary>Reads a chunk.</summary>
    /// <returns>Null if it is not there or damaged.</returns>
    public byte[]? Read(int index)
    {
        if (index < 0 || index >= _hasChunk.Length || !_hasChunk[index])
        {
            return null;
        }

        byte[]? chunk = ReadUnchecked(index);
        _hasChunk[index] = chunk is not null && Manifest.IsChunk(index, chunk);
        return _hasChunk[index] ? chunk : null;
    }

    /// <summary>Makes all chunks durable.</summary>
    public void Sync()
    {
        RequireUnbroken();
        _isBroken = true;
        _file.Sync();
        _isBroken = false;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static SnapshotManifest? ReadManifest(IDiskFile file)
    {
        byte[] head = new byte[HeadSize + SnapshotManifest.EncodedSizeMax];
        int count;
        try
        {
            count = file.Read(0, head);
        }
        catch (IOException)
        {
            // A manifest that the disk does not give is none.
            return null;
        }

        int sizeBytes = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(head);
        if (sizeBytes < 0 || sizeBytes > count - HeadSize)
        {
            return null;
        }

        ReadOnlySpan<byte> encoded = head.AsSpan(HeadSize, sizeBytes);
        return Digest.Sha256(encoded) == new Digest(head.AsSpan(4, Digest.SizeBytes))
            && SnapshotManifest.TryDecode(encoded, out SnapshotManifest? manifest)
            ? manifest
            : null;
    }

    private static int OffsetOfChunks(int encodedSize) =>
        (HeadSize + encodedSize + SectorSize - 1) / SectorSize * SectorSize;

    private long OffsetOf(int index) =>
        OffsetOfChunks(Manifest.Encode().Length) + ((long)index * SnapshotManifest.ChunkSize);

    private byte[]? ReadUnchecked(int index)
    {
        byte[] chunk = new byte[Manifest.SizeOf(index)];
        try
        {
            return _file.Read(OffsetOf(index), chunk) == chunk.Length ? chunk : null;
        }
        catch (IOException)
        {
            // A chunk that the disk does not give is missing; peers have it.
            return null;
        }
    }

    private void RequireUnbroken()
    {
        if (_isBroken)
        {
            throw new IOException("The snapshot's file stopped after a failure of the disk; it must be made anew.");
        }
    }
}
