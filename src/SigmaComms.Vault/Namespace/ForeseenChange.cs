namespace SigmaComms.Vault.Namespace;

/// <summary>Operations that count all or none, applied before the log has them.</summary>
public sealed class ForeseenChange
{
    internal ForeseenChange(int epoch, IReadOnlyList<NamespaceOperation> operations)
    {
        Epoch = epoch;
        Operations = operations;
    }

    /// <summary>The operations, in order.</summary>
    public IReadOnlyList<NamespaceOperation> Operations { get; }

    /// <summary>The epoch of the vault key that locks its new stripes.</summary>
    public int Epoch { get; }

    /// <summary>What became of it.</summary>
    public ForeseenFate Fate { get; internal set; }

    /// <summary>Why it failed, or none.</summary>
    public Errno Error { get; internal set; }

    /// <summary>What undoes it; null while it is not applied.</summary>
    internal UndoStep[]? Steps { get; set; }
}
