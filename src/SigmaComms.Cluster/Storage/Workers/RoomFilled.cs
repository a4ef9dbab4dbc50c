using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>Some room was filled with random bytes, or could not be.</summary>
/// <param name="Place">Where.</param>
/// <param name="IsFilled">Whether it was.</param>
internal sealed record RoomFilled(FragmentPlace Place, bool IsFilled);
