using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>What a storage node holds of a vault, and how its repair does.</summary>
public sealed record StorageReport : LinkMessage
{
    /// <summary>Fragments of the vault on this node.</summary>
    public ulong Fragments { get; init; }

    /// <summary>Their bytes.</summary>
    public ulong Bytes { get; init; }

    /// <summary>Those of them whose stripe no entry of the vault's log has added yet.</summary>
    public ulong Staged { get; init; }

    /// <summary>Those of them that are not what their roots say.</summary>
    public ulong Quarantined { get; init; }

    /// <summary>Siblings of them that the node knows to be lost and not rebuilt yet.</summary>
    public ulong Missing { get; init; }

    /// <summary>When the last whole check of siblings of the vault ended, in UTC ticks; 0 if there was none.</summary>
    public ulong CheckedUtcTicks { get; init; }

    /// <summary>When all of its fragments were last read and compared, in UTC ticks; 0 if never.</summary>
    public ulong ScrubbedUtcTicks { get; init; }

    /// <summary>Whether a check that was asked for is going on.</summary>
    public bool IsChecking { get; init; }

    /// <summary>Stripes of all vaults that wait for repair on this node.</summary>
    public uint RepairQueue { get; init; }

    /// <summary>Fragments of all vaults that this node has rebuilt since its start.</summary>
    public ulong RebuiltFragments { get; init; }

    /// <summary>Their bytes.</summary>
    public ulong RebuiltBytes { get; init; }

    internal override LinkMessageId TypeId => LinkMessageId.StorageReport;

    internal override void WriteBody(WireWriter writer) => writer
        .U64(Fragments).U64(Bytes).U64(Staged).U64(Quarantined).U64(Missing)
        .U64(CheckedUtcTicks).U64(ScrubbedUtcTicks).Flag(IsChecking)
        .U32(RepairQueue).U64(RebuiltFragments).U64(RebuiltBytes);

    internal static StorageReport Read(ref WireReader reader)
    {
        var read = new StorageReport
        {
            Fragments = reader.U64(),
            Bytes = reader.U64(),
            Staged = reader.U64(),
            Quarantined = reader.U64(),
            Missing = reader.U64(),
            CheckedUtcTicks = reader.U64(),
            ScrubbedUtcTicks = reader.U64(),
            IsChecking = reader.Flag(),
            RepairQueue = reader.U32(),
            RebuiltFragments = reader.U64(),
            RebuiltBytes = reader.U64(),
        };
        if (read.CheckedUtcTicks > (ulong)DateTime.MaxValue.Ticks
            || read.ScrubbedUtcTicks > (ulong)DateTime.MaxValue.Ticks)
        {
            reader.Fail();
        }

        return read;
    }
}
