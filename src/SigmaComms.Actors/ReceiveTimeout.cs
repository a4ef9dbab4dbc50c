namespace SigmaComms.Actors;

/// <summary>Comes when no message came within the receive time-out.</summary>
public sealed class ReceiveTimeout
{
    private ReceiveTimeout()
    {
    }

    /// <summary>The one instance.</summary>
    public static ReceiveTimeout Instance { get; } = new();
}
