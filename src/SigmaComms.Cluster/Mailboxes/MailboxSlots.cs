using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>The mailboxes that have an actor, the one that was used last at the end.</summary>
internal sealed class MailboxSlots
{
    private readonly Dictionary<NodeId, LinkedListNode<MailboxSlot>> _byDevice = [];
    private readonly LinkedList<MailboxSlot> _byUse = new();

    public int Count => _byDevice.Count;

    /// <summary>All of them, the one that was not used for the longest time first.</summary>
    public IEnumerable<MailboxSlot> ByUse => _byUse;

    public bool Contains(NodeId device) => _byDevice.ContainsKey(device);

    public bool TryFind(NodeId device, [NotNullWhen(true)] out MailboxSlot? slot)
    {
        slot = _byDevice.GetValueOrDefault(device)?.Value;
        return slot is not null;
    }

    public void Add(MailboxSlot slot) => _byDevice.Add(slot.Device, _byUse.AddLast(slot));

    /// <summary>The mailbox is used now.</summary>
    public void Touch(MailboxSlot slot)
    {
        LinkedListNode<MailboxSlot> place = _byDevice[slot.Device];
        _byUse.Remove(place);
        _byUse.AddLast(place);
    }

    public void Remove(NodeId device)
    {
        if (_byDevice.Remove(device, out LinkedListNode<MailboxSlot>? place))
        {
            _byUse.Remove(place);
        }
    }
}
