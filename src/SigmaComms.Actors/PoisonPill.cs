namespace SigmaComms.Actors;

/// <summary>Stops the actor after the messages that were sent before it.</summary>
public sealed class PoisonPill
{
    private PoisonPill()
    {
    }

    /// <summary>The one instance.</summary>
    public static PoisonPill Instance { get; } = new();
}
