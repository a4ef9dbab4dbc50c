using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Sessions;

/// <summary>What one first message used up of this device's private prekeys.</summary>
/// <param name="OneTimeId">The one-time X25519 prekey, if one was used.</param>
/// <param name="KemId">The one-time ML-KEM prekey, if one was used.</param>
/// <param name="LastResort">The use of the last-resort prekey, if that was used.</param>
internal sealed record SpentPrekeys(uint? OneTimeId, uint? KemId, LastResortUse? LastResort)
{
    /// <summary>The spent prekeys of an opened message; null if it started no session.</summary>
    public static SpentPrekeys? Of(DecryptResult result) =>
        result.ConsumedOneTimePrekey is null && result.ConsumedKemPrekey is null && result.RememberLastResort is null
            ? null
            : new SpentPrekeys(result.ConsumedOneTimePrekey, result.ConsumedKemPrekey, result.RememberLastResort);

    /// <summary>The same as the session layer says it.</summary>
    public DecryptResult ToResult() => new(DecryptStatus.Ok, null, OneTimeId, KemId, LastResort);
}
