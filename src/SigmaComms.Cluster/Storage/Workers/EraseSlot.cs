using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>Write random bytes over the header of a slot that is not used any more, and give its room back.</summary>
/// <param name="Place">The slot.</param>
internal sealed record EraseSlot(FragmentPlace Place);
