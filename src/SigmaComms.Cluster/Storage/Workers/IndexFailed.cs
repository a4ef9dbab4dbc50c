using SigmaComms.Persistence;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>The index could not be used.</summary>
/// <param name="Cause">Why.</param>
internal sealed record IndexFailed(JournalException Cause);
