using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Disks;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cluster.Tests.Simulation;

namespace SigmaComms.Cluster.Tests.Control.WriteAhead;

/// <summary>A log that is written by a script, and what it must have afterwards.</summary>
internal sealed class WalScript(FaultyDisk disk)
{
    public static readonly WalOptions Options = new() { SegmentSizeBytes = 64 << 10, ZeroAheadBytes = 16 << 10 };

    /// <summary>All records that were appended, in order.</summary>
    public List<(byte Type, byte[] Payload)> Appended { get; } = [];

    /// <summary>How many of them were acknowledged as synced.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>The end of the last sync that returned.</summary>
    public WalPosition Synced { get; private set; } = WalPosition.Start;

    public WriteAheadLog? Log { get; private set; }

    /// <summary>Makes the log and writes groups; the sizes repeat.</summary>
    public void Run(int groupCount, params int[] payloadSizes)
    {
        Create();
        for (int i = 0; i < groupCount; i++)
        {
            Group(payloadSizes[i % payloadSizes.Length], (i % 3) + 1);
        }
    }

    public void Create() => Log = WriteAheadLog.Create(disk, Options, new SeededRandom(7));

    public void Group(int payloadSize, int recordCount)
    {
        for (int i = 0; i < recordCount; i++)
        {
            byte type = (byte)(Appended.Count % 5);
            byte[] payload = new byte[payloadSize];
            new Random(Appended.Count).NextBytes(payload);
            Appended.Add((type, payload));
            Log!.Append(type, payload);
        }

        Log!.Sync();
        Acknowledged = Appended.Count;
        Synced = Log.Synced;
    }

    public static WalOpening Open(IDisk disk, WalPosition? synced = null) =>
        WriteAheadLog.Open(disk, Options, synced);

    /// <summary>
    /// Whether an open log has exactly a beginning of what was appended, at least what was acknowledged.
    /// </summary>
    public void Check(WriteAheadLog log)
    {
        List<LogRecord> found = Read(log);
        Assert.InRange(found.Count, Acknowledged, Appended.Count);
        for (int i = 0; i < found.Count; i++)
        {
            Assert.Equal((ulong)i + 1, found[i].Number);
            Assert.Equal(Appended[i].Type, found[i].Type);
            Assert.True(found[i].Payload.Span.SequenceEqual(Appended[i].Payload), $"record {i + 1} differs");
        }
    }

    public static List<LogRecord> Read(WriteAheadLog log, ulong from = 0)
    {
        List<LogRecord> found = [];
        log.Replay(from, record => found.Add(record with { Payload = record.Payload.ToArray() }));
        return found;
    }
}
