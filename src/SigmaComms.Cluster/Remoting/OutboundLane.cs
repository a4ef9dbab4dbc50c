using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>
/// What waits to be sent to one peer on one lane, in order and bounded. Words of the runtime have room of their own;
/// what finds none there comes again or is asked for again. The caller holds the peer's gate.
/// </summary>
internal sealed class OutboundLane(Lane lane)
{
    public const int MessagesMax = 8_192;
    public const int BytesMax = 8 << 20;
    public const int WordsMax = 16_384;

    private readonly Queue<Outgoing> _waiting = new();
    private TaskCompletionSource? _room;
    private int _messages;
    private int _bytes;

    public Lane Lane => lane;

    /// <summary>Whether its sender was told that something waits.</summary>
    public bool IsAwake { get; set; }

    public bool IsEmpty => _waiting.Count == 0;

    public bool TryAdd(Outgoing message)
    {
        int size = message.Item.SizeBytes;
        if (_messages >= MessagesMax || _bytes + size > BytesMax)
        {
            return false;
        }

        _messages++;
        _bytes += size;
        _waiting.Enqueue(message);
        return true;
    }

    /// <summary>Adds a word of the runtime, if there is room.</summary>
    public void AddWord(ActorItem word)
    {
        if (_waiting.Count - _messages < WordsMax)
        {
            _waiting.Enqueue(new Outgoing(word, null, null, null));
        }
    }

    /// <summary>Completes when something was taken out.</summary>
    public Task WhenRoom() =>
        (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>What goes into the next batch; empty if nothing waits.</summary>
    public IReadOnlyList<Outgoing> TakeBatch()
    {
        var batch = new List<Outgoing>();
        int bytes = ActorBatch.HeadBytes;
        while (batch.Count < LinkLimits.ActorItemsPerBatch && _waiting.TryPeek(out Outgoing next)
            && bytes + next.Item.SizeBytes <= LinkLimits.ActorBatchBytes)
        {
            bytes += next.Item.SizeBytes;
            batch.Add(Take());
        }

        ReleaseRoom();
        return batch;
    }

    /// <summary>Empties the lane: its peer cannot be reached.</summary>
    public IReadOnlyList<Outgoing> TakeAll()
    {
        var all = new List<Outgoing>(_waiting.Count);
        while (_waiting.Count > 0)
        {
            all.Add(Take());
        }

        ReleaseRoom();
        return all;
    }

    private Outgoing Take()
    {
        Outgoing taken = _waiting.Dequeue();
        if (taken.Target is not null)
        {
            _messages--;
            _bytes -= taken.Item.SizeBytes;
        }

        return taken;
    }

    private void ReleaseRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }
}
