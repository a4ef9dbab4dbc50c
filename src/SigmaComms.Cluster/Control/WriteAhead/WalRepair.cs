using SigmaComms.Cluster.Control.Disks;

namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>Puts records back where a log is damaged; only exactly those that the hash chain binds.</summary>
internal static class WalRepair
{
    /// <summary>Mends one damage. The log is not open; open it afterwards, there may be more.</summary>
    /// <param name="disk">The log's folder.</param>
    /// <param name="damage">As opening it reported.</param>
    /// <param name="replacements">The missing records, from peers; untrusted.</param>
    /// <returns>False, with nothing changed, if they are not the ones that were there.</returns>
    /// <exception cref="IOException">Another process has the log, or the disk failed.</exception>
    public static bool TryRepair(IDisk disk, WalDamage damage, IReadOnlyList<LogRecord> replacements)
    {
        if (!damage.CanRepair || !TryJoin(damage, replacements, out SortedDictionary<ulong, LogRecord> records)
            || !TryBuild(damage, records, out byte[] bytes))
        {
            return false;
        }

        using IDisposable taken = disk.Lock(WriteAheadLog.LockName);
        using IDiskFile file = disk.Open(WalFormat.NameOf(damage.Segment));
        file.Write(damage.Offset, bytes);
        file.Sync();
        return true;
    }

    private static bool TryJoin(
        WalDamage damage, IReadOnlyList<LogRecord> replacements, out SortedDictionary<ulong, LogRecord> records)
    {
        records = [];
        foreach (LogRecord record in replacements.Concat(damage.Intact))
        {
            records[record.Number] = record;
        }

        ulong count = damage.Until!.Value.Record - damage.At.Record;
        return (ulong)records.Count == count && records.Keys.First() == damage.At.Record
            && records.Keys.Last() == damage.Until.Value.Record - 1
            && records.Values.All(record => record.Payload.Length <= WalFormat.PayloadSizeMax);
    }

    private static bool TryBuild(WalDamage damage, SortedDictionary<ulong, LogRecord> records, out byte[] bytes)
    {
        WalPosition at = damage.At;
        WalGroupBuffer group = new();
        using MemoryStream built = new();
        bytes = [];
        for (int i = 0; i < damage.Bounds.Count; i++)
        {
            ulong stop = i + 1 < damage.Bounds.Count ? damage.Bounds[i + 1] : damage.Until!.Value.Record;
            for (ulong number = at.Record; number < stop; number++)
            {
                LogRecord record = records[number];
                if (group.BodySize + WalFormat.RecordHeadSize + record.Payload.Length > WalFormat.BodySizeMax)
                {
                    return false;
                }

                group.Add(number, record.Type, record.Payload.Span);
            }

            GroupHeader header = new(
                damage.Segment, damage.Offset + built.Length, at, group.RecordCount, group.BodySize, default);
            built.Write(group.Seal(ref header, damage.LogId));
            if (built.Length > damage.ExtentBytes)
            {
                return false;
            }

            at = header.End;
            group.Clear();
        }

        bytes = built.ToArray();
        return at == damage.Until && (!damage.IsExtentExact || bytes.Length == damage.ExtentBytes);
    }
}
