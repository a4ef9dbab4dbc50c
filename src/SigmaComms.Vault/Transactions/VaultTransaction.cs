using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Transactions;

/// <summary>
/// Operations that will count all or none. Stripes are staged on the nodes before; until the commit nobody sees them,
/// and those of a transaction that is rolled back or lost are reclaimed by the nodes after a day.
/// </summary>
public sealed class VaultTransaction
{
    /// <summary>The most bytes of operations, so that they fit into an entry with all its stripes: 40,000.</summary>
    public const int OperationsSizeMax = 40_000;

    private readonly List<NamespaceOperation> _operations = [];
    private readonly List<StripeEntry> _staged = [];
    private int _sizeBytes;

    internal VaultTransaction(int epoch) => Epoch = epoch;

    /// <summary>The epoch of the vault key with which its stripes are to be sealed.</summary>
    public int Epoch { get; }

    /// <summary>What it does, in order.</summary>
    public IReadOnlyList<NamespaceOperation> Operations => _operations;

    /// <summary>Stripes that its operations put into files.</summary>
    public IReadOnlyList<StripeEntry> Staged => _staged;

    /// <summary>
    /// Whether its stripes are so old that nodes may soon reclaim them: then it is not sent, nor sent again. Default:
    /// never.
    /// </summary>
    public Func<bool> IsOverdue { get; set; } = static () => false;

    /// <summary>Whether it was committed or rolled back.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Adds an operation.</summary>
    /// <param name="operation">A well-formed operation.</param>
    /// <returns>False, with nothing added, if the transaction is full.</returns>
    /// <exception cref="ArgumentException">The operation is not well formed.</exception>
    /// <exception cref="InvalidOperationException">The transaction is closed.</exception>
    public bool TryAdd(NamespaceOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return TryAddAll([operation]);
    }

    /// <summary>Adds operations that belong together: all of them, or none if they do not fit.</summary>
    /// <param name="operations">Well-formed operations.</param>
    /// <returns>False, with nothing added, if the transaction is full.</returns>
    /// <exception cref="ArgumentException">An operation is not well formed.</exception>
    /// <exception cref="InvalidOperationException">The transaction is closed.</exception>
    public bool TryAddAll(IReadOnlyList<NamespaceOperation> operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        if (IsClosed || !operations.All(OperationRules.IsWellFormed))
        {
            throw IsClosed
                ? new InvalidOperationException("The transaction is closed.")
                : new ArgumentException("A field of an operation is out of its range.", nameof(operations));
        }

        int sizeBytes = operations.Sum(operation => BatchBody.Encode([operation]).Length);
        List<StripeEntry> staged =
            [.. operations.OfType<NamespaceOperation.WriteStripe>().Select(write => write.Stripe)];
        if (_sizeBytes + sizeBytes > OperationsSizeMax
            || _operations.Count + operations.Count > NamespaceLimits.OperationsMax
            || _staged.Count + staged.Count > SealedBatch.AddedMax)
        {
            return false;
        }

        _operations.AddRange(operations);
        _sizeBytes += sizeBytes;
        _staged.AddRange(staged);
        return true;
    }

    /// <summary>Gives it up. Nothing was sent; its stripes are forgotten by the nodes in time.</summary>
    public void RollBack()
    {
        IsClosed = true;
        _operations.Clear();
    }

    internal void Close() => IsClosed = true;
}
