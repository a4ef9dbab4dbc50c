namespace SigmaComms.Messaging.Sessions;

/// <summary>
/// Keeps forged messages cheap. A jump over many messages costs thousands of derivations before the tag can fail, so
/// after a failed one there is a pause, which a message that opens ends.
/// </summary>
/// <remarks>Not part of the stored state: it decides when a message is tried, never what opening it gives.</remarks>
internal sealed class FarJumpBudget
{
    private ulong? _failedMs;

    /// <summary>Whether a jump may be tried now.</summary>
    public bool Allows(ulong jump, DateTimeOffset now) =>
        jump <= SessionLimits.NearJumpMax
        || _failedMs is not { } failed
        || SessionClock.HasPassed(failed, SessionClock.Milliseconds(now), SessionLimits.FarJumpPause);

    /// <summary>Takes note of how opening a message ended.</summary>
    public void Note(ulong jump, DecryptStatus status, DateTimeOffset now)
    {
        if (status == DecryptStatus.Ok)
        {
            _failedMs = null;
        }
        else if (status == DecryptStatus.NotAuthentic && jump > SessionLimits.NearJumpMax)
        {
            _failedMs = SessionClock.Milliseconds(now);
        }
    }
}
