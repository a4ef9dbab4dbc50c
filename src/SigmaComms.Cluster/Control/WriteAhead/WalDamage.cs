using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>Where a log is damaged, and what it takes to make it whole again.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Segment">The segment.</param>
/// <param name="Offset">Where in the segment's file.</param>
/// <param name="At">The place in the log up to which all is well.</param>
internal sealed record WalDamage(WalDamageKind Kind, ulong Segment, int Offset, WalPosition At)
{
    /// <summary>The log's id.</summary>
    public Digest LogId { get; init; }

    /// <summary>Bytes from the offset that the damaged groups may take.</summary>
    public int ExtentBytes { get; init; }

    /// <summary>The next place that is known; null if nothing says what the chain must be after the damage.</summary>
    public WalPosition? Until { get; init; }

    /// <summary>Whether the next place also says where the damaged groups end in the file.</summary>
    public bool IsExtentExact { get; init; }

    /// <summary>The numbers of the first records of the damaged groups, as far as they are known.</summary>
    public IReadOnlyList<ulong> Bounds { get; init; } = [];

    /// <summary>Records between the damaged ones whose own checksum holds.</summary>
    public IReadOnlyList<LogRecord> Intact { get; init; } = [];

    /// <summary>Records that must be brought for <see cref="WalRepair.TryRepair"/>.</summary>
    public IReadOnlyList<MissingRecord> Missing { get; init; } = [];

    /// <summary>Whether the right records can be told from wrong ones, and put where they belong.</summary>
    public bool CanRepair =>
        Kind == WalDamageKind.Group && Until is { } until
        && (ulong)Bounds.Count == until.Sequence - At.Sequence;

    /// <summary>For people: what, where, and what to do.</summary>
    public override string ToString() =>
        $"The control log is damaged ({Kind}) in '{WalFormat.NameOf(Segment)}' at offset {Offset}, from group "
        + $"{At.Sequence} and record {At.Record} on. Nothing was cut. "
        + (CanRepair
            ? $"{Missing.Count} records must come from peers."
            : "It cannot be mended record by record: take the state from peers, under a new incarnation.");
}
