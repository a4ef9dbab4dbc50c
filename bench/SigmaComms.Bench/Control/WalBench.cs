using System.Diagnostics;
using System.Globalization;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Disks;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Bench.Control;

/// <summary>
/// The control log's write-ahead log on a real disk, against a plain file that is appended to and flushed; in turns,
/// so that both meet the same weather.
/// </summary>
internal static class WalBench
{
    private const int RecordSize = 256;
    private const int Rounds = 6;
    private const int GroupsPerRound = 60;
    private const int LargeSize = 1 << 20;

    /// <summary>Runs all and prints a line for each.</summary>
    /// <param name="folder">A folder on the disk to be measured; must exist.</param>
    public static void Run(string folder)
    {
        foreach (int recordsPerGroup in (int[])[1, 16, 128])
        {
            Compare(folder, recordsPerGroup, RecordSize, GroupsPerRound);
        }

        Compare(folder, 1, LargeSize, 8);
        Recover(folder);
    }

    private static void Recover(string folder)
    {
        FolderDisk disk = new(Path.Combine(folder, "recovery"));
        byte[] record = new byte[RecordSize];
        using (var log = WriteAheadLog.Create(disk, new WalOptions(), SystemRandom.Instance))
        {
            for (int group = 0; group < 120; group++)
            {
                Append(log, record, 4_000);
            }
        }

        long start = Stopwatch.GetTimestamp();
        using WriteAheadLog opened = WriteAheadLog.Open(disk, new WalOptions(), expected: null).Log!;
        double openMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        long count = 0;
        opened.Replay(0, _ => count++);
        double allMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} records, {count * RecordSize >> 20} MiB: opened in {openMs:N0} ms, with replay {allMs:N0} ms"));
    }

    private static void Compare(string folder, int recordsPerGroup, int recordSize, int groupsPerRound)
    {
        byte[] record = new byte[recordSize];
        SystemRandom.Instance.Fill(record);
        using var zeroed = WriteAheadLog.Create(
            new FolderDisk(Path.Combine(folder, $"z{recordsPerGroup}-{recordSize}")), new WalOptions(),
            SystemRandom.Instance);
        using var plainRoom = WriteAheadLog.Create(
            new FolderDisk(Path.Combine(folder, $"r{recordsPerGroup}-{recordSize}")),
            new WalOptions { ZeroAheadBytes = 0 }, SystemRandom.Instance);
        using FileStream file = new(
            Path.Combine(folder, $"plain{recordsPerGroup}-{recordSize}"), FileMode.Create, FileAccess.Write,
            FileShare.None, 1 << 16);
        (string Name, Action Group, List<double> Times)[] ways =
        [
            ("log", () => Append(zeroed, record, recordsPerGroup), []),
            ("log, no zeros ahead", () => Append(plainRoom, record, recordsPerGroup), []),
            ("FileStream, Flush(true)", () => Append(file, record, recordsPerGroup), []),
        ];
        for (int round = 0; round <= Rounds; round++)
        {
            foreach ((_, Action group, List<double> times) in ways)
            {
                for (int i = 0; i < groupsPerRound; i++)
                {
                    long start = Stopwatch.GetTimestamp();
                    group();
                    double taken = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                    if (round > 0)
                    {
                        times.Add(taken);
                    }
                }
            }
        }

        foreach ((string name, _, List<double> times) in ways)
        {
            Report($"{recordsPerGroup} x {recordSize} B, {name}", recordsPerGroup, times);
        }
    }

    private static void Append(WriteAheadLog log, byte[] record, int count)
    {
        for (int i = 0; i < count; i++)
        {
            log.Append(1, record);
        }

        log.Sync();
    }

    private static void Append(FileStream file, byte[] record, int count)
    {
        for (int i = 0; i < count; i++)
        {
            file.Write(record);
        }

        file.Flush(flushToDisk: true);
    }

    private static void Report(string name, int recordsPerGroup, List<double> times)
    {
        times.Sort();
        double perSecond = recordsPerGroup * times.Count / (times.Sum() / 1_000);
        double median = times[times.Count / 2];
        double slow = times[times.Count * 9 / 10];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-42} {perSecond,10:N0} records/s   p50 {median,6:N2} ms   p90 {slow,6:N2} ms"));
    }
}
