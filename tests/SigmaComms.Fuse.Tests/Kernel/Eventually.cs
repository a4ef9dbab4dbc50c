namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>Waits for what happens soon, but for nothing that could be awaited.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task HoldsAsync(Func<bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, "it did not happen");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
