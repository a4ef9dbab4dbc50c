namespace SigmaComms.FuseProbe.Calls;

/// <summary>A system call failed.</summary>
public sealed class CallException : Exception
{
    public CallException()
    {
    }

    public CallException(string message)
        : base(message)
    {
    }

    public CallException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public CallException(int error)
        : base($"errno {error}") => Error = error;

    public int Error { get; }
}
