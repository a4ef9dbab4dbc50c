using SigmaComms.Cluster.Disks;

namespace SigmaComms.Cluster.Tests.Storage;

/// <summary>A real disk on which one write hangs, on a real thread, until it is told to go on.</summary>
internal sealed class HangingDisk(IDisk inner) : IDisk, IDisposable
{
    private readonly ManualResetEventSlim _goOn = new();
    private readonly TaskCompletionSource<long> _hung = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _sizeBytes = -1;

    /// <summary>Completes with the write's offset when it hangs.</summary>
    public Task<long> Hung => _hung.Task;

    /// <summary>Completes when the write that hung is through.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The next write of so many bytes hangs.</summary>
    public void HangAt(int sizeBytes) => Volatile.Write(ref _sizeBytes, sizeBytes);

    /// <summary>The write that hangs goes on.</summary>
    public void GoOn() => _goOn.Set();

    public IReadOnlyList<string> ListNames() => inner.ListNames();

    public IDiskFile Create(string name, long sizeBytes) => new HangingFile(this, inner.Create(name, sizeBytes));

    public IDiskFile Open(string name) => new HangingFile(this, inner.Open(name));

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void Delete(string name) => inner.Delete(name);

    public void SyncNames() => inner.SyncNames();

    public void SyncTogether(IDiskFile first, IDiskFile second) => throw new NotSupportedException();

    public IDisposable Lock(string name) => inner.Lock(name);

    public void Dispose()
    {
        _goOn.Set();
        _goOn.Dispose();
    }

    private void Write(IDiskFile file, long offset, ReadOnlySpan<byte> bytes)
    {
        bool hangs = Interlocked.CompareExchange(ref _sizeBytes, -1, bytes.Length) == bytes.Length;
        if (hangs)
        {
            _hung.SetResult(offset);
            _goOn.Wait(TimeSpan.FromMinutes(2));
        }

        file.Write(offset, bytes);
        if (hangs)
        {
            _ended.SetResult();
        }
    }

    private sealed class HangingFile(HangingDisk disk, IDiskFile file) : IDiskFile
    {
        public long Length => file.Length;

        public int Read(long offset, Span<byte> destination) => file.Read(offset, destination);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => disk.Write(file, offset, bytes);

        public void Sync() => file.Sync();

        public void Dispose() => file.Dispose();
    }
}
