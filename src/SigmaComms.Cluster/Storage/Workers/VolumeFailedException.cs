namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>The disk of a volume failed; how decides what its supervisor does.</summary>
internal sealed class VolumeFailedException(string message, Exception cause) : Exception(message, cause);
