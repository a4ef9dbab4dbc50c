using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>Sends the messages of a mailbox to the node where the client is connected.</summary>
internal sealed class RemoteSubscriber(LinkConnection bulk, NodeId device, ulong stamp) : IMailboxSubscriber
{
    public bool TryDeliver(HeldMessage message) => bulk.TrySend(
        new MailboxDelivery(device, stamp, message.Sender, message.MessageId, message.Blob));

    public void Replaced() => bulk.TrySend(new MailboxReplaced(device, stamp));

    public void Ended() => bulk.TrySend(new CloseMailbox(device, stamp));
}
