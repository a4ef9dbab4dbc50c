using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>Where a fragment of a stripe was found.</summary>
/// <param name="Index">Which one.</param>
/// <param name="Presence">Whether it was.</param>
/// <param name="Holder">The node that has it; default if none does.</param>
internal readonly record struct SiblingPlace(int Index, Presence Presence, NodeId Holder);
