using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>A storage node of a pretended cluster that can be told to fail; it may break at each call.</summary>
internal sealed class WorldNode(VaultWorld world) : IFragmentStore
{
    public MemoryFragmentStore Store { get; set; } = new();

    /// <summary>What it answers to everything; null: what it has.</summary>
    public StoreStatus? Answer { get; set; }

    /// <summary>What it makes of a fragment's bytes before it gives them; null: nothing.</summary>
    public Action<Memory<byte>>? Bend { get; set; }

    /// <summary>Whether it never answers a read.</summary>
    public bool Hangs { get; set; }

    public async ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        world.Point("put");
        return Answer ?? await Store.PutAsync(label, fragment, cancellationToken);
    }

    public async ValueTask<StoreStatus> GetAsync(
        FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        world.Point("get");
        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, world.Time, cancellationToken);
        }

        StoreStatus status = Answer ?? await Store.GetAsync(id, offset, destination, cancellationToken);
        Bend?.Invoke(destination);
        return status;
    }

    public ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId id, CancellationToken cancellationToken) => Answer is { } answer
            ? new((answer, null))
            : Store.DescribeAsync(id, cancellationToken);

    public ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken)
    {
        world.Point("delete");
        return Answer is { } answer ? new(answer) : Store.DeleteAsync(id, cancellationToken);
    }
}
