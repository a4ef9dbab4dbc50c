using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Client.Contacts;

/// <summary>A peer as this device knows it.</summary>
/// <param name="Trusted">The record whose account key is trusted: seen first, or accepted by the user.</param>
/// <param name="Changed">
/// A record with another account key for the same name, or with other keys for a known device, which the user has not
/// accepted.
/// </param>
/// <param name="Rejected">The account that the user refused to trust under this name.</param>
/// <param name="IsStranger">Whether only the peer has written so far, and the user never named it.</param>
internal sealed record Contact(AccountRecord Trusted, AccountRecord? Changed, NodeId? Rejected, bool IsStranger)
{
    /// <summary>What has changed.</summary>
    public IdentityChange Change => Changed is null ? IdentityChange.None
        : Changed.AccountId == Trusted.AccountId ? IdentityChange.Device
        : IdentityChange.Account;
}
