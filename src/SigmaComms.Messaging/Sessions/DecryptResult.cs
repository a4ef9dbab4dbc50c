namespace SigmaComms.Messaging.Sessions;

/// <summary>
/// What opening a message gave, and what the owner of the prekeys must do, in one step with storing the session's
/// new state: delete the consumed prekeys, remember the last-resort use.
/// </summary>
/// <param name="Status">How it ended.</param>
/// <param name="Plaintext">The plaintext; null unless the status is <see cref="DecryptStatus.Ok"/>.</param>
/// <param name="ConsumedOneTimePrekey">Delete the private half of this one-time prekey.</param>
/// <param name="ConsumedKemPrekey">Delete the private half of this one-time post-quantum prekey.</param>
/// <param name="RememberLastResort">Remember this use until the last-resort key ends.</param>
/// <param name="ListVersions">For a new session, the account records that the sender worked from.</param>
public readonly record struct DecryptResult(
    DecryptStatus Status,
    byte[]? Plaintext = null,
    uint? ConsumedOneTimePrekey = null,
    uint? ConsumedKemPrekey = null,
    LastResortUse? RememberLastResort = null,
    ListVersions? ListVersions = null)
{
    internal static DecryptResult Refused(DecryptStatus status) => new(status);
}
