using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Client.Contacts;

/// <summary>Who is behind a name, as it is shown to the user: exactly this can be accepted or rejected.</summary>
/// <param name="Name">The peer's account name.</param>
/// <param name="Account">The account: the changed one where there is one, else the trusted one.</param>
/// <param name="SafetyNumber">60 digits to compare with the peer, over that account's key.</param>
/// <param name="Change">What has changed.</param>
/// <param name="Shown">SHA-256 of the account record behind all this.</param>
public sealed record PeerIdentity(
    string Name, NodeId Account, string SafetyNumber, IdentityChange Change, Digest Shown)
{
    /// <summary>The account record behind all this, verified; null if it is not told.</summary>
    public AccountRecord? Record { get; init; }
}
