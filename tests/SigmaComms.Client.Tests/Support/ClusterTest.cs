namespace SigmaComms.Client.Tests.Support;

/// <summary>A fake cluster, a clock and two users; each test has its own.</summary>
public abstract class ClusterTest : IAsyncDisposable
{
    private protected ClusterTest(ulong seed = 7)
    {
        Cluster = new FakeCluster(seed, Clock.Time);
        Alpha = new TestPeer("alpha", seed * 10, Cluster, Clock, 0, 1, 2);
        Beta = new TestPeer("beta", (seed * 10) + 1, Cluster, Clock, 1, 2, 0);
    }

    private protected Clockwork Clock { get; } = new();

    private protected FakeCluster Cluster { get; }

    private protected TestPeer Alpha { get; }

    private protected TestPeer Beta { get; }

    public async ValueTask DisposeAsync()
    {
        await Alpha.DisposeAsync();
        await Beta.DisposeAsync();
        Cluster.Operator.Dispose();
        Clean();
        GC.SuppressFinalize(this);
    }

    private protected virtual void Clean()
    {
    }

    private protected async Task BothOnlineAsync()
    {
        await Alpha.OpenAsync();
        await Beta.OpenAsync();
        await Alpha.OnlineAsync();
        await Beta.OnlineAsync();
    }

    private protected async Task<MessageHandle> SendAsync(TestPeer from, string to, string text) =>
        await Clock.UntilAsync(from.Client.SendTextAsync(to, text, CancellationToken.None), $"'{text}' is stored");

    private protected async Task<ClientException> FailAsync(Func<Task> work)
    {
        Task task = work();
        await Clock.UntilAsync(() => task.IsCompleted, "it fails");
        return await Assert.ThrowsAsync<ClientException>(() => task);
    }
}
