using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Transactions;

/// <summary>
/// The ordered log of a vault's entries as one writer uses it: the cluster's control log, or memory. Expected failures
/// are answers, not exceptions.
/// </summary>
public interface ICommandLog
{
    /// <summary>Who appends through it.</summary>
    NodeId Writer { get; }

    /// <summary>Appends an entry, exactly once however often it is sent.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="sequence">The writer's next number, from 1.</param>
    /// <param name="content">1 to 65,492 bytes.</param>
    /// <param name="cancellation">Stops waiting; the entry may still be appended.</param>
    ValueTask<LogAppend> AppendAsync(
        Digest vault, ulong sequence, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>Reads entries.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="first">From which entry on; an older one than is kept gives none.</param>
    /// <param name="cancellation">Stops waiting.</param>
    ValueTask<LogRange> ReadAsync(Digest vault, ulong first, CancellationToken cancellation);

    /// <summary>Waits until there are more entries.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="count">How many there are already.</param>
    /// <param name="cancellation">Stops waiting.</param>
    ValueTask WaitAsync(Digest vault, ulong count, CancellationToken cancellation);

    /// <summary>Drops the oldest entries; the owner alone.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="first">The first entry to keep.</param>
    /// <param name="cancellation">Stops waiting.</param>
    ValueTask<LogStatus> TrimAsync(Digest vault, ulong first, CancellationToken cancellation);
}
