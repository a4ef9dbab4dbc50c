namespace SigmaComms.Persistence.Writes;

/// <summary>How much one commit takes with it.</summary>
/// <param name="EventsMax">Most events of one commit.</param>
/// <param name="BytesMax">Most payload bytes of one commit.</param>
/// <param name="DelayMax">Longest wait for more writes after a commit that served several.</param>
/// <param name="Time">Stamps the events and measures the wait.</param>
internal sealed record GroupCommitLimits(int EventsMax, int BytesMax, TimeSpan DelayMax, TimeProvider Time);
