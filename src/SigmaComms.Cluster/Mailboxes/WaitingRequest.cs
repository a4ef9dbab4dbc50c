using SigmaComms.Actors;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>A message for a mailbox that cannot take it yet.</summary>
/// <param name="Device">Whose mailbox.</param>
/// <param name="Message">The message.</param>
/// <param name="Sender">Who gets the answer.</param>
/// <param name="Since">When it came, on the monotonic clock.</param>
internal sealed record WaitingRequest(NodeId Device, object Message, IActorRef? Sender, TimeSpan Since);
