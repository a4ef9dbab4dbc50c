namespace SigmaComms.Client.Vaults.Files;

/// <summary>Counts what a transfer has done, and tells.</summary>
internal sealed class ProgressCount(IProgress<VaultProgress>? told, long bytesTotal, long filesTotal)
{
    private long _bytes;
    private long _files;

    /// <summary>Counts bytes; what was in vain is taken back.</summary>
    public void Add(long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        Tell();
    }

    /// <summary>Counts a file.</summary>
    public void FileDone()
    {
        Interlocked.Increment(ref _files);
        Tell();
    }

    private void Tell() => told?.Report(
        new VaultProgress(Volatile.Read(ref _bytes), bytesTotal, Volatile.Read(ref _files), filesTotal));
}
