namespace SigmaComms.Transport.Links;

/// <summary>What a peer says before it goes.</summary>
internal static class LastWord
{
    /// <summary>A peer that takes nothing any more may have said why: that is on its way, and is read first.</summary>
    /// <param name="end">Why this side writes no more.</param>
    /// <param name="reading">Ends when all that the peer said is read.</param>
    /// <param name="options">The link's bounds.</param>
    /// <param name="stop">The link's loops end.</param>
    /// <returns>The same end; it counts if the peer said nothing else.</returns>
    public static async Task<LinkClosed> HeardAsync(
        LinkClosed end, Task reading, LinkOptions options, CancellationToken stop)
    {
        try
        {
            await (end.ByPeer ? reading.WaitAsync(options.CloseTimeout, options.Time, stop) : Task.CompletedTask);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            // It said nothing.
        }

        return end;
    }
}
