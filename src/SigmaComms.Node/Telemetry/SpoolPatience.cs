namespace SigmaComms.Node.Telemetry;

/// <summary>How long the sender waits for what.</summary>
/// <param name="Answer">For the server's answer.</param>
/// <param name="WaitMin">Before the second attempt.</param>
/// <param name="WaitMax">Before a later one at most; the waits double.</param>
/// <param name="LastWord">For sending what is left when the node ends.</param>
internal sealed record SpoolPatience(TimeSpan Answer, TimeSpan WaitMin, TimeSpan WaitMax, TimeSpan LastWord)
{
    /// <summary>10 s, 1 s, 60 s, 3 s.</summary>
    public static SpoolPatience Usual { get; } = new(
        TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(3));
}
