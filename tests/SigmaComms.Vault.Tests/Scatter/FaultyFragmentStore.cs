using SigmaComms.Vault.Scatter;

namespace SigmaComms.Vault.Tests.Scatter;

/// <summary>A node that can be told to fail: to refuse, to hang until it is given up, to wait, or to lie.</summary>
internal sealed class FaultyFragmentStore : IFragmentStore
{
    private readonly SemaphoreSlim _hung = new(0);
    private readonly SemaphoreSlim _kept = new(0);
    private Task? _firstPutGate;
    private int _asked;

    public MemoryFragmentStore Inner { get; } = new();

    /// <summary>What it answers to everything; null: what the inner store does.</summary>
    public StoreStatus? Answer { get; set; }

    public bool HangsOnPut { get; set; }

    public bool HangsOnGet { get; set; }

    /// <summary>Gives these bytes, repeated, as any fragment.</summary>
    public byte? Lie { get; set; }

    /// <summary>The first put waits for this.</summary>
    public Task? FirstPutGate { set => _firstPutGate = value; }

    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Waits until a call hangs.</summary>
    public async Task HungAsync() => Assert.True(await _hung.WaitAsync(TimeSpan.FromSeconds(60)), "nothing hangs");

    /// <summary>Waits until so many puts have ended.</summary>
    public async Task KeptAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(await _kept.WaitAsync(TimeSpan.FromSeconds(60)), $"{i} of {count} puts have ended");
        }
    }

    public async ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        Task? gate = Interlocked.Exchange(ref _firstPutGate, null);
        await (gate ?? Task.CompletedTask).WaitAsync(cancellationToken);
        await HangAsync(HangsOnPut, cancellationToken);
        StoreStatus status = Answer ?? await Inner.PutAsync(label, fragment, cancellationToken);
        _kept.Release();
        return status;
    }

    public async ValueTask<StoreStatus> GetAsync(
        FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        await HangAsync(HangsOnGet, cancellationToken);
        if (Lie is byte lie)
        {
            destination.Span.Fill(lie);
            return StoreStatus.Done;
        }

        return Answer ?? await Inner.GetAsync(id, offset, destination, cancellationToken);
    }

    public ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId id, CancellationToken cancellationToken) => Inner.DescribeAsync(id, cancellationToken);

    public ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken) =>
        Inner.DeleteAsync(id, cancellationToken);

    private async Task HangAsync(bool hangs, CancellationToken cancellationToken)
    {
        if (hangs)
        {
            _hung.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }
}
