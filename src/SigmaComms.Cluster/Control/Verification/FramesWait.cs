namespace SigmaComms.Cluster.Control.Verification;

/// <summary>Frames wait to be verified.</summary>
internal sealed record FramesWait
{
    private FramesWait()
    {
    }

    /// <summary>The only one.</summary>
    public static FramesWait Instance { get; } = new();
}
