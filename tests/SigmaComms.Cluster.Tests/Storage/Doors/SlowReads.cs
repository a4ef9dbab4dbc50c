using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Doors;

/// <summary>A store whose reads wait until they may go on.</summary>
internal sealed class SlowReads(IFragmentStore inner) : IFragmentStore
{
    private int _reads;

    public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Reads => Volatile.Read(ref _reads);

    public ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken) =>
        inner.PutAsync(label, fragment, cancellationToken);

    public async ValueTask<StoreStatus> GetAsync(
        FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        await GoOn.Task;
        return await inner.GetAsync(id, offset, destination, cancellationToken);
    }

    public ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId id, CancellationToken cancellationToken) => inner.DescribeAsync(id, cancellationToken);

    public ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken) =>
        inner.DeleteAsync(id, cancellationToken);
}
