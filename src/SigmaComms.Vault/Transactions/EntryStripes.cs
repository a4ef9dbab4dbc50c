using System.Diagnostics.CodeAnalysis;

namespace SigmaComms.Vault.Transactions;

/// <summary>
/// What an entry tells the nodes in clear: which stripes it refers to, and which nothing refers to any more.
/// </summary>
/// <param name="Added">Stripes that are to be kept from now on, whatever becomes of the entry's operations.</param>
/// <param name="Dropped">Stripes that may go.</param>
public sealed record EntryStripes(IReadOnlyList<StripeId> Added, IReadOnlyList<StripeId> Dropped)
{
    /// <summary>Reads what an entry tells.</summary>
    /// <param name="content">The entry's content; untrusted.</param>
    /// <param name="stripes">What it tells, or null.</param>
    /// <returns>False for a header, and for bytes that are no entry: these tell nothing.</returns>
    public static bool TryRead(ReadOnlySpan<byte> content, [NotNullWhen(true)] out EntryStripes? stripes)
    {
        stripes = SealedBatch.TryRead(content, out SealedBatch? batch)
            ? new EntryStripes(batch.Added, batch.Dropped)
            : null;
        return stripes is not null;
    }
}
