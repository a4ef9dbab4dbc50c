using SigmaComms.Cluster.Disks;

namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>Reads a whole log and judges it, without changing anything.</summary>
/// <remarks>
/// A group is written only after the sync of the one before it has returned, and a segment only after that of the last
/// group in the segment before. So a group that cannot be read was synced if any later group's header is found, if a
/// later segment is there, or if the vote guard says so; then it is damage, and nothing may be cut. If nothing says
/// so, it was never acknowledged: a torn tail. See docs/formats/control-log-wal.md.
/// </remarks>
internal sealed class WalScan
{
    private readonly IDisk _disk;
    private readonly WalPosition? _expected;
    private readonly List<ulong> _numbers;

    private WalScan(IDisk disk, WalPosition? expected)
    {
        (_disk, _expected) = (disk, expected);
        _numbers = [.. disk.ListNames()
            .Select(name => WalFormat.TryParseName(name, out ulong number) ? number : 0)
            .Where(number => number != 0)
            .Order()];
    }

    /// <summary>How the log is.</summary>
    public WalState State { get; private set; } = WalState.Missing;

    /// <summary>What is wrong if it is damaged.</summary>
    public WalDamage? Damage { get; private set; }

    /// <summary>The segments in order.</summary>
    public List<SegmentHeader> Segments { get; } = [];

    /// <summary>Segments of which one header is damaged.</summary>
    public List<SegmentHeader> HalfHeads { get; } = [];

    /// <summary>Where the log ends.</summary>
    public WalPosition End { get; private set; }

    /// <summary>Where it ends in the last segment's file.</summary>
    public int EndOffset { get; private set; }

    /// <summary>Where the last group begins in the last segment's file; the end if that segment has none.</summary>
    public int LastGroupOffset { get; private set; }

    /// <summary>Where the torn bytes end in the last segment's file.</summary>
    public int TornTo { get; private set; }

    /// <summary>Reads the log.</summary>
    /// <param name="disk">The folder.</param>
    /// <param name="expected">
    /// The end of a group that was surely synced, as the vote guard kept it; what is lost before it was no torn tail.
    /// </param>
    public static WalScan Run(IDisk disk, WalPosition? expected)
    {
        WalScan scan = new(disk, expected);
        if (scan._numbers.Count > 0)
        {
            scan.ReadSegments();
        }

        return scan;
    }

    private void ReadSegments()
    {
        if (!ReadHeads())
        {
            return;
        }

        End = Segments[0].Start;
        for (int i = 0; i < Segments.Count; i++)
        {
            using SegmentReader reader = new(_disk.Open(WalFormat.NameOf(Segments[i].Number)));
            bool isGood = ReadGroups(reader, i) && (i + 1 < Segments.Count
                ? JudgeJoint(i)
                : JudgeTail(reader, Segments[i]));
            if (!isGood)
            {
                return;
            }
        }
    }

    private bool ReadHeads()
    {
        for (int i = 0; i < _numbers.Count; i++)
        {
            ulong number = _numbers[i];
            if (i > 0 && number != _numbers[i - 1] + 1)
            {
                return Fail(new WalDamage(WalDamageKind.SegmentMissing, _numbers[i - 1] + 1, 0, default));
            }

            using SegmentReader reader = new(_disk.Open(WalFormat.NameOf(number)));
            if (!reader.TryReadHead(out SegmentHeader head, out bool isWhole) || head.Number != number
                || (i > 0 && head.LogId != Segments[0].LogId))
            {
                return Fail(new WalDamage(WalDamageKind.SegmentHead, number, 0, default));
            }

            if (reader.Length < head.SizeBytes)
            {
                return Fail(new WalDamage(WalDamageKind.SegmentCut, number, (int)reader.Length, head.Start));
            }

            Segments.Add(head);
            if (!isWhole)
            {
                HalfHeads.Add(head);
            }
        }

        return true;
    }

    private bool ReadGroups(SegmentReader reader, int index)
    {
        SegmentHeader segment = Segments[index];
        EndOffset = LastGroupOffset = WalFormat.SegmentHeadSize;
        if (!MatchesSynced(segment))
        {
            return false;
        }

        while ((index + 1 == Segments.Count || End.Sequence != Segments[index + 1].Start.Sequence)
            && reader.TryReadGroup(segment, EndOffset, End, out GroupHeader header, out _))
        {
            LastGroupOffset = EndOffset;
            EndOffset += header.ExtentBytes;
            End = header.End;
            if (!MatchesSynced(segment))
            {
                return false;
            }
        }

        return true;
    }

    private bool MatchesSynced(in SegmentHeader segment) =>
        _expected is not { } synced || synced.Sequence != End.Sequence || synced == End
        || Fail(new WalDamage(WalDamageKind.OtherChain, segment.Number, EndOffset, End));

    /// <summary>The next segment says where this one ended.</summary>
    private bool JudgeJoint(int index)
    {
        SegmentHeader segment = Segments[index];
        WalPosition next = Segments[index + 1].Start;
        if (next == End)
        {
            return true;
        }

        if (next.Sequence <= End.Sequence)
        {
            return Fail(new WalDamage(WalDamageKind.OtherChain, segment.Number + 1, 0, End));
        }

        return Fail(new WalDamage(WalDamageKind.Group, segment.Number, EndOffset, End));
    }

    private bool JudgeTail(SegmentReader reader, SegmentHeader segment)
    {
        List<(int Offset, GroupHeader Header)> found =
            reader.FindHeaders(segment, EndOffset, End.Sequence, out int usedTo);
        bool isLaterFound = found.Any(group => group.Header.Start.Sequence > End.Sequence);
        bool isVouchedFor = _expected is { } synced && synced.Sequence > End.Sequence;
        if (isLaterFound || isVouchedFor)
        {
            return Fail(new WalDamage(WalDamageKind.Group, segment.Number, EndOffset, End));
        }

        TornTo = usedTo;
        State = usedTo > EndOffset ? WalState.TornTail : WalState.Clean;
        return true;
    }

    private bool Fail(WalDamage damage)
    {
        State = WalState.Damaged;
        Damage = damage;
        return false;
    }
}
