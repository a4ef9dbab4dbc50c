using SigmaComms.Cluster.Disks;

namespace SigmaComms.Cluster.Tests.Control.Disks;

/// <summary>An open file of a <see cref="FaultyDisk"/>; dead once the disk lost power.</summary>
internal sealed class FaultyFile(FaultyDisk disk, string name, FaultyContent content) : IDiskFile
{
    private readonly int _life = disk.Life;

    public string Name => name;

    public FaultyContent Content => content;

    public long Length => content.Cached.Length;

    public int Read(long offset, Span<byte> destination) => disk.Read(this, _life, offset, destination);

    public void Write(long offset, ReadOnlySpan<byte> bytes) => disk.Write(this, _life, offset, bytes);

    public void Sync() => disk.Sync(this, _life);

    public void Dispose()
    {
    }
}
