using SigmaComms.Cluster.Storage.Volumes;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>A volume that was found or made.</summary>
/// <param name="File">Its open file.</param>
/// <param name="Space">Which room of it is free.</param>
internal sealed record OpenedVolume(VolumeFile File, VolumeSpace Space);
