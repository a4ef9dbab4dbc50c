using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>Fill some room with random bytes.</summary>
/// <param name="Place">Where; null: all is filled.</param>
internal sealed record FillRoom(FragmentPlace? Place);
