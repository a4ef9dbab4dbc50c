namespace SigmaComms.Vault.Namespace;

/// <summary>What became of operations that count all or not at all.</summary>
/// <param name="Error">Why they did not, or none.</param>
/// <param name="FailedAt">The operation that failed, from 0; -1 if none did.</param>
public readonly record struct BatchOutcome(Errno Error, int FailedAt)
{
    /// <summary>All counted.</summary>
    public static BatchOutcome Done { get; } = new(Errno.None, -1);

    /// <summary>Whether all counted.</summary>
    public bool Succeeded => Error == Errno.None;
}
