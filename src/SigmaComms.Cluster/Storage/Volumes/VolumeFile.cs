using System.Buffers;
using SigmaComms.Cluster.Disks;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>The open file of a volume: slots are written, read and erased in it.</summary>
/// <remarks>
/// Safe for several readers and one writer at different places. Waits for the disk on the caller's thread; the world's
/// failures are <see cref="IOException"/>.
/// </remarks>
internal sealed class VolumeFile : IDisposable
{
    private readonly IDiskFile _file;
    private readonly IRandomSource _random;

    private VolumeFile(VolumeHeader header, IDiskFile file, SlotSealer sealer, IRandomSource random)
    {
        Header = header;
        _file = file;
        Sealer = sealer;
        _random = random;
    }

    /// <summary>What it says of itself.</summary>
    public VolumeHeader Header { get; }

    /// <summary>Seals and opens the headers of its slots.</summary>
    public SlotSealer Sealer { get; }

    /// <summary>Makes a volume, durably; its room is zeros until it is filled.</summary>
    public static VolumeFile Create(IDisk disk, int number, long sizeBytes, VolumeKey key, IRandomSource random)
    {
        byte[] id = new byte[Digest.SizeBytes];
        random.Fill(id);
        VolumeHeader header = new(new Digest(id), number, sizeBytes);
        SlotSealer sealer = new(header.Id, key.CipherOf(header.Id), random);
        string unfinished = VolumeLayout.UnfinishedNameOf(number);
        IDiskFile? file = null;
        try
        {
            file = disk.Create(unfinished, sizeBytes);
            using (var cipher = key.CipherOf(header.Id))
            {
                byte[] block = new byte[VolumeLayout.BlockSize];
                header.Write(cipher, random, block);
                file.Write(0, block);
                header.Write(cipher, random, block);
                file.Write(sizeBytes - block.Length, block);
            }

            file.Sync();
            disk.Rename(unfinished, VolumeLayout.NameOf(number));
            disk.SyncNames();
            return new VolumeFile(header, file, sealer, random);
        }
        catch
        {
            file?.Dispose();
            sealer.Dispose();
            throw;
        }
    }

    /// <summary>Opens a volume.</summary>
    /// <returns>Null if neither of its headers is whole: it is another's file, or damaged.</returns>
    public static VolumeFile? Open(IDisk disk, int number, VolumeKey key, IRandomSource random)
    {
        IDiskFile file = disk.Open(VolumeLayout.NameOf(number));
        VolumeFile? opened = null;
        try
        {
            VolumeHeader? header = ReadHeader(file, 0, key)
                ?? ReadHeader(file, file.Length - VolumeLayout.BlockSize, key);
            if (header is null || header.Number != number || header.SizeBytes > file.Length)
            {
                return null;
            }

            opened = new VolumeFile(header, file, new SlotSealer(header.Id, key.CipherOf(header.Id), random), random);
            return opened;
        }
        finally
        {
            if (opened is null)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>Writes a sealed slot; durable after <see cref="Sync"/>.</summary>
    public void Write(long offset, ReadOnlySpan<byte> slot) => _file.Write(offset, slot);

    /// <summary>Reads neighbouring bytes.</summary>
    /// <exception cref="IOException">The disk failed, or the file ends before.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        if (_file.Read(offset, destination) != destination.Length)
        {
            throw new IOException($"The volume {Header.Number} is shorter than it was made.");
        }
    }

    /// <summary>Writes random bytes over a part, as in room that was never used.</summary>
    public void Fill(long offset, int sizeBytes)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(sizeBytes);
        try
        {
            RandomFill.Fill(_random, bytes.AsSpan(0, sizeBytes));
            _file.Write(offset, bytes.AsSpan(0, sizeBytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Makes what was written durable.</summary>
    public void Sync() => _file.Sync();

    /// <summary>Whether its header can still be read: tells a bad spot from a bad disk.</summary>
    public bool IsReadable()
    {
        try
        {
            Read(0, new byte[VolumeLayout.BlockSize]);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        Sealer.Dispose();
    }

    private static VolumeHeader? ReadHeader(IDiskFile file, long offset, VolumeKey key)
    {
        byte[] block = new byte[VolumeLayout.BlockSize];
        return offset >= 0 && file.Read(offset, block) == block.Length ? VolumeHeader.Read(key, block) : null;
    }
}
