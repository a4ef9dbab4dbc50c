using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Client.Sessions;

/// <summary>
/// Body of a receipt: what its sender has beyond the acknowledged counter, and whether it had to drop something that
/// it could not open. From that the other side knows what to seal again. See docs/formats/envelope.md.
/// </summary>
public sealed class ReceiptReport
{
    /// <summary>The most runs one receipt tells; what is beyond the last of so many is left open.</summary>
    public const int RunsMax = 64;

    /// <summary>Nothing to report.</summary>
    public static readonly ReceiptReport None = new(false, []);

    private const byte AsksFlag = 1;

    /// <summary>Makes a report.</summary>
    /// <param name="asks">Whether something could not be opened.</param>
    /// <param name="runs">What is there, ascending, with a gap before each; at most <see cref="RunsMax"/>.</param>
    public ReceiptReport(bool asks, IReadOnlyList<CounterRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(runs.Count, RunsMax, nameof(runs));
        Asks = asks;
        Runs = runs;
    }

    /// <summary>Whether something of the other side could not be opened and was dropped.</summary>
    public bool Asks { get; }

    /// <summary>What is there beyond the acknowledged counter, ascending, with a gap before each.</summary>
    public IReadOnlyList<CounterRun> Runs { get; }

    /// <summary>Whether it says anything.</summary>
    public bool IsEmpty => !Asks && Runs.Count == 0;

    /// <summary>Decodes the body of a receipt.</summary>
    /// <param name="body">Untrusted bytes.</param>
    /// <param name="acknowledged">The counter up to which the receipt acknowledges everything.</param>
    /// <param name="report">The report, or null.</param>
    /// <returns>False if the bytes are not exactly one report in its one encoding.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> body, ulong acknowledged, out ReceiptReport? report)
    {
        report = body.IsEmpty ? None : null;
        if (body.IsEmpty)
        {
            return true;
        }

        var reader = new WireReader(body);
        byte flags = reader.U8();
        int count = reader.U8();
        if (flags > AsksFlag || count > RunsMax || (flags == 0 && count == 0) || acknowledged > Envelope.CounterMax)
        {
            return false;
        }

        var runs = new List<CounterRun>(count);
        ulong before = acknowledged;
        for (int i = 0; i < count; i++)
        {
            var run = new CounterRun(reader.U64(), reader.U64());
            if (run.First < before + 2 || run.Last < run.First || run.Last > Envelope.CounterMax)
            {
                return false;
            }

            runs.Add(run);
            before = run.Last;
        }

        report = reader.AtEnd ? new ReceiptReport(flags == AsksFlag, runs) : null;
        return report is not null;
    }

    /// <summary>Encodes; empty if there is nothing to say.</summary>
    public byte[] Encode()
    {
        if (IsEmpty)
        {
            return [];
        }

        var writer = new WireWriter(2 + (16 * Runs.Count));
        writer.U8(Asks ? AsksFlag : (byte)0).U8((byte)Runs.Count);
        foreach (CounterRun run in Runs)
        {
            writer.U64(run.First).U64(run.Last);
        }

        return writer.ToArray();
    }

    /// <summary>Whether the other side should seal this counter again, which was not acknowledged.</summary>
    /// <param name="counter">A counter that the cluster took.</param>
    /// <returns>True for missing, false for there, null where the report leaves it open.</returns>
    public bool? Misses(ulong counter)
    {
        foreach (CounterRun run in Runs)
        {
            if (counter <= run.Last)
            {
                return counter < run.First;
            }
        }

        return Asks && Runs.Count < RunsMax ? true : null;
    }
}
