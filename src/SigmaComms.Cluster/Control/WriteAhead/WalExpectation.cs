namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>What is known from elsewhere of a log that is opened.</summary>
/// <param name="Synced">
/// The end of a group that was surely synced, as the vote guard kept it; what is lost before it was no torn tail.
/// </param>
/// <param name="NeededRecord">The first record that is needed, the one after the snapshot's; 0 if any will do.</param>
internal readonly record struct WalExpectation(WalPosition? Synced, ulong NeededRecord)
{
    /// <summary>Nothing is known.</summary>
    public static WalExpectation None => default;
}
