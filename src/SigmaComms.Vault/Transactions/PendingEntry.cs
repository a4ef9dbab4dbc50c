using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Transactions;

/// <summary>An entry that was sent and whose fate is not yet known.</summary>
internal sealed record PendingEntry(ulong Sequence, byte[] Content, Func<bool> IsOverdue)
{
    /// <summary>What tells it from any other entry at its place.</summary>
    public Digest Hash { get; } = Digest.Sha256(Content);

    /// <summary>What became of it; null until it was applied.</summary>
    public EntryResult? Result { get; set; }

    /// <summary>Whether another entry stands at its place.</summary>
    public bool IsSuperseded { get; set; }
}
