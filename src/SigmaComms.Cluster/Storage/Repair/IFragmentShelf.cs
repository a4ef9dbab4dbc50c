using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>The fragments of this node, which can be gone through one by one.</summary>
internal interface IFragmentShelf : IFragmentStore
{
    /// <summary>Lists fragments ascending by id.</summary>
    /// <param name="after">Only those after this id; null: from the first.</param>
    /// <param name="countMax">How many at the most, at least 1.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>None if there are none after it.</returns>
    ValueTask<IReadOnlyList<ShelvedFragment>> ListAsync(FragmentId? after, int countMax, CancellationToken ct);
}
