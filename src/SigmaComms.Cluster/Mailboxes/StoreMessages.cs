using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>Keep these messages durably. Reply: <see cref="Done"/> or <see cref="Refused"/>.</summary>
internal sealed record StoreMessages(IReadOnlyList<HeldMessage> Messages);
