using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>Slots could not be erased: they are not free, and erasing is to be tried again.</summary>
/// <param name="Places">Which.</param>
internal sealed record EraseFailed(IReadOnlyList<FragmentPlace> Places);
