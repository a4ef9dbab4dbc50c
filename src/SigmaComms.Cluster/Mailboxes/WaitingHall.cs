using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// Messages for mailboxes that have no actor while no further one may be made. All messages for one mailbox leave
/// together, so that none overtakes another.
/// </summary>
internal sealed class WaitingHall(int max)
{
    private readonly Queue<NodeId> _order = new();
    private readonly Dictionary<NodeId, List<WaitingRequest>> _byDevice = [];
    private int _count;

    public bool IsEmpty => _count == 0;

    /// <summary>Lets a message in; false if there is no room.</summary>
    public bool TryEnter(WaitingRequest request)
    {
        if (_count >= max)
        {
            return false;
        }

        if (!_byDevice.TryGetValue(request.Device, out List<WaitingRequest>? list))
        {
            list = [];
            _byDevice.Add(request.Device, list);
            _order.Enqueue(request.Device);
        }

        list.Add(request);
        _count++;
        return true;
    }

    /// <summary>All messages of the mailbox that waits longest; empty if none does.</summary>
    public IReadOnlyList<WaitingRequest> TakeNext()
    {
        if (!_order.TryDequeue(out NodeId device) || !_byDevice.Remove(device, out List<WaitingRequest>? list))
        {
            return [];
        }

        _count -= list.Count;
        return list;
    }

    /// <summary>All messages of mailboxes whose first message came before a moment.</summary>
    public IReadOnlyList<WaitingRequest> TakeOlderThan(TimeSpan moment)
    {
        var taken = new List<WaitingRequest>();
        while (_order.TryPeek(out NodeId device) && _byDevice[device][0].Since < moment)
        {
            taken.AddRange(TakeNext());
        }

        return taken;
    }
}
