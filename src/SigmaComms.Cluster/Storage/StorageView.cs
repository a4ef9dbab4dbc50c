using System.Collections.Immutable;
using SigmaComms.Cluster.Storage.Workers;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage;

/// <summary>What is served at a moment.</summary>
/// <param name="Index">The index; null while it is not open.</param>
/// <param name="Volumes">The volumes by number.</param>
internal sealed record StorageView(IFragmentIndex? Index, ImmutableDictionary<int, VolumeSeat> Volumes)
{
    /// <summary>Nothing is open.</summary>
    public static StorageView Nothing { get; } = new(null, ImmutableDictionary<int, VolumeSeat>.Empty);
}
