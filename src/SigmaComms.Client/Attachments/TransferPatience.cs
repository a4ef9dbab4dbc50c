namespace SigmaComms.Client.Attachments;

/// <summary>How long a transfer goes on without getting further, with growing pauses.</summary>
internal sealed class TransferPatience(TimeProvider time)
{
    /// <summary>How long nothing may get further: 60 s.</summary>
    public static readonly TimeSpan StallMax = TimeSpan.FromSeconds(60);

    /// <summary>How often what no node has is asked for again: others may be bringing it to its place. 4.</summary>
    public const int MissingMax = 4;

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    private long _since = time.GetTimestamp();
    private TimeSpan _pause = PauseMin;
    private int _missing;

    /// <summary>Whether it is over.</summary>
    public bool IsOver => time.GetElapsedTime(_since) >= StallMax;

    /// <summary>It got further.</summary>
    public void NoteProgress()
    {
        _since = time.GetTimestamp();
        _pause = PauseMin;
        _missing = 0;
    }

    /// <summary>Something is on no node.</summary>
    /// <returns>Whether that is believed by now.</returns>
    public bool NoteMissing() => ++_missing > MissingMax;

    /// <summary>Waits before the next attempt.</summary>
    public async Task PauseAsync(CancellationToken ct)
    {
        await Task.Delay(_pause, time, ct);
        _pause = _pause * 2 < PauseMax ? _pause * 2 : PauseMax;
    }
}
