namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>The volume's file is being opened anew: nothing is wrong with this call.</summary>
internal sealed class VolumeClosedException(int volume)
    : Exception($"Volume {volume} is not open at the moment.");
