using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Tests.Storage;

/// <summary>
/// A real index of a process that dies: its files as they are then, less what was being written to the log since the
/// last call that ended.
/// </summary>
internal sealed class TornIndex(string folder)
{
    private readonly string _path = Path.Combine(System.IO.Directory.CreateDirectory(folder).FullName, "index.db");
    private readonly string _torn = Path.Combine(
        System.IO.Directory.CreateDirectory(folder + "-torn").FullName, "index.db");
    private long _before;
    private long _now;

    public IFragmentIndex Index { get; private set; } = null!;

    private string Log => _path + "-wal";

    public IDisposable Open() => Index = SqliteFragmentIndex.Open(_path);

    /// <summary>Called before and after each change of the index.</summary>
    public void Note(FaultyDisk disk)
    {
        // The volumes are synced before the index names what is in them.
        Assert.True(disk.IsSynced(name => !name.EndsWith(".new", StringComparison.Ordinal)));
        (_before, _now) = (_now, LengthOfLog());
    }

    /// <summary>Copies the files as the dead process left them.</summary>
    /// <param name="random">Says how much of what nobody had been told is left.</param>
    /// <param name="isInChange">Whether it died in a change of the index: then that is there in part.</param>
    public void TearOff(Random random, bool isInChange)
    {
        long left = isInChange ? random.NextInt64(_before, _now + 1) : LengthOfLog();
        File.Copy(_path, _torn);
        if (File.Exists(Log))
        {
            File.Copy(Log, _torn + "-wal");
            using FileStream log = new(_torn + "-wal", FileMode.Open);
            log.SetLength(Math.Min(log.Length, left));
        }
    }

    public IFragmentIndex OpenTorn() => SqliteFragmentIndex.Open(_torn);

    private long LengthOfLog() => File.Exists(Log) ? new FileInfo(Log).Length : 0;
}
