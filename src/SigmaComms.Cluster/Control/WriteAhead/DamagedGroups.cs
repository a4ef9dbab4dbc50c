namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>Finds out what is left of groups that cannot be read.</summary>
internal static class DamagedGroups
{
    /// <summary>Looks at the damaged groups.</summary>
    /// <param name="reader">The segment's file.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="offset">Where the damage begins.</param>
    /// <param name="at">The place in the log up to which all is well.</param>
    /// <param name="found">Headers of groups from there on, wherever they stand.</param>
    /// <param name="until">A later place that is known besides; null if there is none.</param>
    public static WalDamage Survey(
        SegmentReader reader, SegmentHeader segment, int offset, WalPosition at,
        List<(int Offset, GroupHeader Header)> found, WalPosition? until)
    {
        List<(int Offset, GroupHeader Header)> inPlace =
            [.. found.Where(group => group.Header.Offset == group.Offset && group.Header.Segment == segment.Number)];
        int nextIndex = inPlace.FindIndex(group => IsNext(reader, segment, group));
        bool isExact = nextIndex >= 0;
        int end = isExact ? inPlace[nextIndex].Offset : segment.SizeBytes;
        WalPosition? known = isExact ? inPlace[nextIndex].Header.Start : until;
        List<(int Offset, WalPosition Start)> starts = [(offset, at)];
        starts.AddRange(inPlace
            .Where(group => group.Offset > offset && group.Offset < end)
            .Select(group => (group.Offset, group.Header.Start)));
        List<LogRecord> intact = [];
        SortedDictionary<ulong, byte?> damaged = [];
        for (int i = 0; i < starts.Count; i++)
        {
            (int from, WalPosition start) = starts[i];
            int to = i + 1 < starts.Count ? starts[i + 1].Offset : end;
            ulong? stop = i + 1 < starts.Count ? starts[i + 1].Start.Record : known?.Record;
            Sort(reader.ReadBytes(from, ReadableSize(from, to)), start.Record, stop, intact, damaged);
        }

        return new WalDamage(WalDamageKind.Group, segment.Number, offset, at)
        {
            LogId = segment.LogId,
            ExtentBytes = end - offset,
            IsExtentExact = isExact,
            Until = known,
            Bounds = [.. starts.Select(group => group.Start.Record)],
            Intact = intact,
            Missing = [.. damaged.Select(pair => new MissingRecord(pair.Key, pair.Value))],
        };
    }

    /// <summary>The damage ends where a group is whole again; one with a good header only may be damaged too.</summary>
    private static bool IsNext(SegmentReader reader, SegmentHeader segment, (int Offset, GroupHeader Header) group) =>
        reader.TryReadGroup(segment, group.Offset, group.Header.Start, out _, out _);

    private static int ReadableSize(int from, int to) =>
        Math.Min(to - from, WalFormat.RoundUp(GroupHeader.SizeBytes + WalFormat.BodySizeMax));

    private static void Sort(
        ReadOnlyMemory<byte> group, ulong number, ulong? stop, List<LogRecord> intact,
        SortedDictionary<ulong, byte?> damaged)
    {
        ReadOnlyMemory<byte> rest = group[Math.Min(group.Length, GroupHeader.SizeBytes)..];
        while (number != stop && WalFormat.TryReadRecord(rest, number, out LogRecord record, out bool isIntact)
            && (isIntact || stop is not null))
        {
            if (isIntact)
            {
                intact.Add(record with { Payload = record.Payload.ToArray() });
            }
            else
            {
                damaged[number] = record.Type;
            }

            rest = rest[(WalFormat.RecordHeadSize + record.Payload.Length)..];
            number++;
        }

        for (; stop is not null && number < stop; number++)
        {
            damaged[number] = null;
        }
    }
}
