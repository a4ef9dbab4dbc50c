using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Directory;

/// <summary>Records of another node. Reply: <see cref="Done"/> or a refusal.</summary>
internal sealed record TakeRecords(IReadOnlyList<DirectoryRecord> Records);
