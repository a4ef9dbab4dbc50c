using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Repair;

/// <summary>A storage node as others reach it; it can be down, lie, or die in the middle of something.</summary>
internal sealed class StorageHost(NodeId id, TimeProvider time) : IFragmentStore
{
    private int _putsTaken;

    public NodeId Id => id;

    public MemoryShelf Shelf { get; private set; } = new(time);

    /// <summary>What it keeps its fragments in instead of memory.</summary>
    public IFragmentShelf? Instead { get; init; }

    /// <summary>What it keeps its fragments in.</summary>
    public IFragmentShelf Kept => Instead ?? Shelf;

    public RepairFigures Figures { get; } = new();

    public bool IsDown { get; set; }

    /// <summary>Gives wrong bytes for every fragment, and says that it has them.</summary>
    public bool Lies { get; set; }

    /// <summary>Puts that others have made here.</summary>
    public int PutsTaken => _putsTaken;

    /// <summary>Bytes that others have read here and put here.</summary>
    public long Traffic { get; private set; }

    /// <summary>Runs before each call of others.</summary>
    public Action? OnAsked { get; set; }

    /// <summary>Begins anew with an empty disk.</summary>
    public void LoseDisk() => Shelf = new MemoryShelf(time);

    public async ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        OnAsked?.Invoke();
        if (IsDown)
        {
            return StoreStatus.Unreachable;
        }

        Traffic += fragment.Length;
        Interlocked.Increment(ref _putsTaken);
        return await Kept.PutAsync(label, fragment, cancellationToken);
    }

    public async ValueTask<StoreStatus> GetAsync(
        FragmentId fragment, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        OnAsked?.Invoke();
        if (IsDown)
        {
            return StoreStatus.Unreachable;
        }

        Traffic += destination.Length;
        StoreStatus status = await Kept.GetAsync(fragment, offset, destination, cancellationToken);
        if (Lies)
        {
            destination.Span[^1] ^= 1;
        }

        return status;
    }

    public async ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId fragment, CancellationToken cancellationToken)
    {
        OnAsked?.Invoke();
        return IsDown
            ? (StoreStatus.Unreachable, null)
            : await Kept.DescribeAsync(fragment, cancellationToken);
    }

    public ValueTask<StoreStatus> DeleteAsync(FragmentId fragment, CancellationToken cancellationToken) =>
        new(StoreStatus.Refused);
}
