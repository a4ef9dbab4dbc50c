using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>What index and disk say when the storage is opened; from then on the ledger counts.</summary>
/// <param name="Totals">How much there is.</param>
/// <param name="Unerased">Slots to erase.</param>
/// <param name="DiskFreeBytes">Bytes that the disk has free.</param>
internal sealed record StorageSweep(
    FragmentTotals Totals, IReadOnlyList<FragmentPlace> Unerased, long DiskFreeBytes)
{
    /// <summary>Asks the index and the disk; waits on the caller's thread.</summary>
    public static StorageSweep Of(StorageDesk desk, IFragmentIndex index) =>
        new(index.Totals(), index.Unerased(), desk.Boundaries.FreeBytes());
}
