using SigmaComms.Actors.Breakers;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Journals;

/// <summary>
/// Says whether the journal is left alone at the moment, so that who asks for something is refused at once and goes to
/// another node instead of waiting in vain. Safe to call from any thread.
/// </summary>
internal sealed class JournalGate
{
    private Breaker? _writes;
    private Breaker? _reads;

    /// <summary>Why nothing can be stored now; null if it may be tried.</summary>
    public Refused? WriteObjection => ObjectionOf(Volatile.Read(ref _writes), "storing");

    /// <summary>Why nothing stored can be read now; null if it may be tried.</summary>
    public Refused? ReadObjection => ObjectionOf(Volatile.Read(ref _reads), "reading");

    /// <summary>Takes the breakers that decide.</summary>
    public void Watch(Breaker writes, Breaker reads)
    {
        Volatile.Write(ref _writes, writes);
        Volatile.Write(ref _reads, reads);
    }

    private static Refused? ObjectionOf(Breaker? breaker, string what)
    {
        if (breaker is not { State: BreakerState.Open })
        {
            return null;
        }

        // When its time is over it lets a call pass at the next moment.
        BreakerSnapshot open = breaker.Snapshot();
        return open.RetryAfter > TimeSpan.Zero
            ? new Refused(
                RefusalReason.StorageFailed,
                FormattableString.Invariant(
                    $"{what} on this node failed too often and is tried again in {open.RetryAfter.TotalSeconds:F1} s")
                    + $"; the last failure: {open.LastError}")
            : null;
    }
}
