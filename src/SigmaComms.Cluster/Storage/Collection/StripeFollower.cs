using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using SigmaComms.Cryptography;
using SigmaComms.Persistence.Stripes;
using SigmaComms.Vault;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Cluster.Storage.Collection;

/// <summary>Writes down what the logs of vaults say of stripes, before their oldest entries are dropped.</summary>
/// <remarks>One call at a time.</remarks>
internal sealed class StripeFollower(IVaultLog log, IStripeBook book, TimeProvider time, ILogger logger)
{
    /// <summary>Follows all logs to their present ends.</summary>
    /// <returns>How many stripes were dropped.</returns>
    public int Follow()
    {
        int dropped = 0;
        foreach ((Digest vault, ulong count) in log.Vaults)
        {
            VaultFollowing following = book.FindVault(vault);
            bool isMore = following.Followed < count;
            while (isMore)
            {
                VaultFollowing next = Follow(vault, following, ref dropped);
                isMore = next.Followed > following.Followed && next.Followed < count;
                following = next;
            }
        }

        return dropped;
    }

    /// <summary>The number under which the book has a stripe.</summary>
    public static UInt128 NumberOf(StripeId stripe)
    {
        Span<byte> bytes = stackalloc byte[StripeId.SizeBytes];
        stripe.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private VaultFollowing Follow(Digest vault, VaultFollowing following, ref int dropped)
    {
        long now = time.GetUtcNow().UtcTicks;
        if (log.Read(vault, following.Followed) is not { } page)
        {
            return following with { Followed = ulong.MaxValue };
        }

        bool hasGap = page.First > following.Followed;
        if (hasGap)
        {
            logger.EntriesMissed($"{vault}", following.Followed, page.First);
        }

        long gapTicks = hasGap ? now : following.GapTicks;
        PageStripes stripes = Collect(vault, page, gapTicks);
        following = new VaultFollowing(page.First + (ulong)page.Contents.Count, gapTicks);
        book.Note(vault, following, stripes.Added, stripes.Dropped, now);
        dropped += stripes.Dropped.Count;
        return following;
    }

    private PageStripes Collect(Digest vault, VaultLogPage page, long gapTicks)
    {
        PageStripes stripes = new([], []);
        foreach (ReadOnlyMemory<byte> content in page.Contents)
        {
            if (!EntryStripes.TryRead(content.Span, out EntryStripes? entry))
            {
                continue;
            }

            HashSet<UInt128> added = [.. entry.Added.Select(NumberOf)];
            foreach (UInt128 stripe in entry.Dropped.Select(NumberOf))
            {
                // Clients count a stripe as dropped only if it was in the log before; nodes must not count more. Where
                // entries were missed, it may have been in one of these.
                bool isKnown = gapTicks != 0 || stripes.Added.Contains(stripe)
                    || book.FindStripe(vault, stripe) == StripeStanding.Added;
                if (isKnown && !added.Contains(stripe))
                {
                    stripes.Dropped.Add(stripe);
                }
            }

            stripes.Added.UnionWith(added);
        }

        return stripes;
    }

    private sealed record PageStripes(HashSet<UInt128> Added, HashSet<UInt128> Dropped);
}
