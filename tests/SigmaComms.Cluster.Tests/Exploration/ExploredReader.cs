using SigmaComms.Cluster.Mailboxes;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Exploration;

/// <summary>Gets the messages of a mailbox, and does with each what the test says.</summary>
internal sealed class ExploredReader(Action<Digest16>? onMessage = null) : IMailboxSubscriber
{
    public List<Digest16> Delivered { get; } = [];

    public bool HasEnded { get; private set; }

    public bool TryDeliver(HeldMessage message)
    {
        Delivered.Add(message.MessageId);
        onMessage?.Invoke(message.MessageId);
        return true;
    }

    public void Replaced() => HasEnded = true;

    public void Ended() => HasEnded = true;
}
