using SigmaComms.Cluster.Storage;

namespace SigmaComms.Cluster.Tests.Storage;

public sealed class DiskLanesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_spare_thread_works_while_one_hangs_and_goes_when_it_is_back()
    {
        using ManualResetEventSlim disk = new();
        using DiskLanes lanes = new(1);
        Task<bool> hanging = lanes.RunAsync(() => disk.Wait(Patience));
        Task<int> waiting = lanes.RunAsync(() => 7);

        lanes.AddSpare();
        int answer = await waiting.WaitAsync(Patience);
        disk.Set();
        bool isBack = await hanging.WaitAsync(Patience);
        lanes.DropSpare();
        int after = await lanes.RunAsync(() => 8).WaitAsync(Patience);

        Assert.Equal((7, true, 8), (answer, isBack, after));
    }

    [Fact]
    public async Task A_failure_is_the_callers_and_the_thread_goes_on()
    {
        using DiskLanes lanes = new(1);

        await Assert.ThrowsAsync<IOException>(() => lanes.RunAsync<int>(() => throw new IOException("gone")));

        Assert.Equal(1, await lanes.RunAsync(() => 1).WaitAsync(Patience));
    }

    [Fact]
    public async Task After_the_end_everything_is_refused()
    {
        DiskLanes lanes = new(1);

        lanes.Dispose();

        await Assert.ThrowsAsync<IOException>(() => lanes.RunAsync(() => 1));
    }
}
