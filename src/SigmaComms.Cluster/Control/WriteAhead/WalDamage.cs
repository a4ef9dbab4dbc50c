namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>Where a log is damaged.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Segment">The segment.</param>
/// <param name="Offset">Where in the segment's file.</param>
/// <param name="At">The place in the log up to which all is well.</param>
internal sealed record WalDamage(WalDamageKind Kind, ulong Segment, int Offset, WalPosition At)
{
    /// <summary>For people: what, where, and what comes of it.</summary>
    public override string ToString() =>
        $"The control log is damaged ({Kind}) in '{WalFormat.NameOf(Segment)}' at offset {Offset}, from group "
        + $"{At.Sequence} and record {At.Record} on. Nothing was cut. The vote is renounced and the state comes from "
        + "peers.";
}
