using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Guards;

/// <summary>Says of what bytes the copy of a turn is, that stands beside a slot; all zeros if there is none.</summary>
/// <param name="SizeBytes">How many.</param>
/// <param name="Hash">Their SHA-256.</param>
internal readonly record struct CopyMark(int SizeBytes, Digest Hash);
