using SigmaComms.Cluster.Disks;

namespace SigmaComms.Cluster.Tests.Control.Disks;

/// <summary>Another disk, that counts how often its folder is listed and how many bytes are read.</summary>
internal sealed class ReadCountingDisk(IDisk disk) : IDisk
{
    public int Listings { get; private set; }

    public long BytesRead { get; set; }

    public IReadOnlyList<string> ListNames()
    {
        Listings++;
        return disk.ListNames();
    }

    public IDiskFile Create(string name, long sizeBytes) => new CountingFile(this, disk.Create(name, sizeBytes));

    public IDiskFile Open(string name) => new CountingFile(this, disk.Open(name));

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void Delete(string name) => disk.Delete(name);

    public void SyncNames() => disk.SyncNames();

    public void SyncTogether(IDiskFile first, IDiskFile second)
    {
        first.Sync();
        second.Sync();
    }

    public IDisposable Lock(string name) => disk.Lock(name);

    private sealed class CountingFile(ReadCountingDisk counter, IDiskFile file) : IDiskFile
    {
        public long Length => file.Length;

        public int Read(long offset, Span<byte> destination)
        {
            int count = file.Read(offset, destination);
            counter.BytesRead += count;
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

        public void Sync() => file.Sync();

        public void Dispose() => file.Dispose();
    }
}
