namespace SigmaComms.Node.Demo;

/// <summary>What one step of the demo sent and measured.</summary>
/// <param name="Name">What it was.</param>
internal sealed record DemoStep(string Name)
{
    /// <summary>Messages given to the sender's client.</summary>
    public int Sent { get; private set; }

    /// <summary>Messages that arrived as they were sent; all of them, or the step fails.</summary>
    public int Received { get; private set; }

    /// <summary>From sending to receiving.</summary>
    public Latencies Times { get; } = new();

    /// <summary>A message is on its way.</summary>
    public void CountSent() => Sent++;

    /// <summary>One message arrived after so many ticks of the clock.</summary>
    public void Count(long ticks, TimeProvider time)
    {
        Received++;
        Times.Add(time.GetElapsedTime(0, ticks));
    }
}
