namespace SigmaComms.Fuse.Session;

/// <summary>A filesystem cannot be mounted or unmounted.</summary>
public sealed class FuseMountException : Exception
{
    /// <summary>An unknown reason.</summary>
    public FuseMountException()
    {
    }

    /// <summary>An unknown reason.</summary>
    public FuseMountException(string message)
        : base(message)
    {
    }

    /// <summary>An unknown reason.</summary>
    public FuseMountException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>A reason and words for people.</summary>
    public FuseMountException(MountFailure reason, string message)
        : base(message) => Reason = reason;

    /// <summary>The reason.</summary>
    public MountFailure Reason { get; }
}
