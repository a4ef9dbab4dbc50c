using SigmaComms.Cluster.Attachments;
using SigmaComms.Persistence.Stripes;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Collection;

/// <summary>
/// Judges fragments by what the logs have said of their stripes, and those of attachments, which are in no log, by
/// their day. Safe to call from any thread.
/// </summary>
internal sealed class FragmentJudge(IStripeBook book, AttachmentAge attachments)
{
    // Puts of stripes that an entry had added already: nothing takes as long to arrive.
    private static readonly TimeSpan LateMax = TimeSpan.FromHours(24);

    /// <summary>What is to be done with a fragment.</summary>
    /// <param name="own">The fragment.</param>
    public FragmentFate Judge(StoredFragment own)
    {
        if (AttachmentVault.TryGetDay(own.Label.Vault, out int day))
        {
            return attachments.IsOver(day) ? FragmentFate.Dropped : FragmentFate.Kept;
        }

        switch (book.FindStripe(own.Label.Vault, StripeFollower.NumberOf(own.Label.Stripe)))
        {
            case StripeStanding.Added:
                return FragmentFate.Kept;
            case StripeStanding.Dropped:
                return FragmentFate.Dropped;
            default:
                // Entries that were missed may have added it, if it came before these were missed.
                long gapTicks = book.FindVault(own.Label.Vault).GapTicks;
                return gapTicks != 0 && own.StoredAt.UtcTicks < gapTicks + LateMax.Ticks
                    ? FragmentFate.Kept
                    : FragmentFate.Staged;
        }
    }
}
