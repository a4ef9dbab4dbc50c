using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Client.Contacts;

/// <summary>A peer as this device knows it.</summary>
/// <param name="Trusted">The record whose account key is trusted: seen first, or accepted by the user.</param>
/// <param name="Changed">A record of the same name with another account key, which the user has not accepted.</param>
internal sealed record Contact(AccountRecord Trusted, AccountRecord? Changed);
