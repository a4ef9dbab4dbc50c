namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>Lets so many bytes pass in a second, and at once as many as in a quarter of one.</summary>
/// <remarks>Who asks for more than that goes into debt, and the next one waits. Safe to call from any thread.</remarks>
internal sealed class ByteThrottle(long bytesPerSecond, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _burst = Math.Max(1, bytesPerSecond / 4);
    private double _credit = Math.Max(1, bytesPerSecond / 4);
    private long _at = time.GetTimestamp();

    /// <summary>Waits until the bytes may pass.</summary>
    /// <param name="bytes">How many, at least 0.</param>
    /// <param name="ct">Gives up; the bytes count all the same.</param>
    public Task TakeAsync(long bytes, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        TimeSpan wait;
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _credit = Math.Min(_burst, _credit + (time.GetElapsedTime(_at, now).TotalSeconds * bytesPerSecond));
            _at = now;
            wait = TimeSpan.FromSeconds(Math.Max(0, -_credit) / bytesPerSecond);
            _credit -= bytes;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, ct) : Task.CompletedTask;
    }
}
