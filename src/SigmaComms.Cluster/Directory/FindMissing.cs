using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Directory;

/// <summary>Which of these records are news here? Reply: <see cref="RecordSummary"/>.</summary>
internal sealed record FindMissing(IReadOnlyList<RecordHead> Heads);
