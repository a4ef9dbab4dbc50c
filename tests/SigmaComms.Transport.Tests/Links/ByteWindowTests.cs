using SigmaComms.Transport.Links;

namespace SigmaComms.Transport.Tests.Links;

public sealed class ByteWindowTests
{
    [Fact]
    public async Task Whoever_does_not_fit_waits_and_is_served_in_turn()
    {
        ByteWindow window = new(100);
        long first = await window.TakeAsync(60, default);

        Task<long> large = window.TakeAsync(80, default).AsTask();
        Task<long> small = window.TakeAsync(10, default).AsTask();
        bool overtook = small.IsCompleted;
        window.Give(first);
        long[] taken = await Task.WhenAll(large, small);

        Assert.False(overtook);
        Assert.Equal([80, 10], taken);
        Assert.Equal(90, window.HeldBytes);
    }

    [Fact]
    public async Task What_is_larger_than_the_window_gets_it_alone()
    {
        ByteWindow window = new(100);
        long small = await window.TakeAsync(1, default);

        Task<long> larger = window.TakeAsync(1_000, default).AsTask();
        bool waited = !larger.IsCompleted;
        window.Give(small);
        long taken = await larger;
        window.Give(taken);

        Assert.True(waited);
        Assert.Equal(100, taken);
        Assert.Equal(0, window.HeldBytes);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_holds_nothing_and_lets_those_behind_through()
    {
        ByteWindow window = new(100);
        using CancellationTokenSource patience = new();
        long first = await window.TakeAsync(50, default);
        Task<long> impatient = window.TakeAsync(60, patience.Token).AsTask();
        Task<long> behind = window.TakeAsync(50, default).AsTask();

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        long second = await behind.WaitAsync(TimeSpan.FromSeconds(60));
        window.Give(first);
        window.Give(second);

        Assert.Equal(0, window.HeldBytes);
    }

    [Fact]
    public async Task However_many_take_and_give_never_more_is_held_than_the_window()
    {
        ByteWindow window = new(1_000);
        long most = 0;
        async Task TakeAndGiveAsync(int bytes)
        {
            long taken = await window.TakeAsync(bytes, default);
            InterlockedMax(ref most, window.HeldBytes);
            await Task.Yield();
            window.Give(taken);
        }

        await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => Task.Run(() => TakeAndGiveAsync(i % 400))));

        Assert.InRange(most, 1, 1_000);
        Assert.Equal(0, window.HeldBytes);
    }

    private static void InterlockedMax(ref long most, long value)
    {
        long before = Interlocked.Read(ref most);
        while (value > before && Interlocked.CompareExchange(ref most, value, before) is var seen && seen != before)
        {
            before = seen;
        }
    }
}
