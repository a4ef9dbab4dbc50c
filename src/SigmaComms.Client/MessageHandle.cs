using SigmaComms.Messaging.Links;

namespace SigmaComms.Client;

/// <summary>A message on its way. It is safe on this machine; the tasks tell how far it has got.</summary>
public sealed class MessageHandle
{
    private readonly TaskCompletionSource _stored = NewSource();
    private readonly TaskCompletionSource _accepted = NewSource();
    private readonly TaskCompletionSource _delivered = NewSource();
    private int _unstored;
    private int _unaccepted;
    private int _undelivered;

    internal MessageHandle(Digest16 id, string to)
    {
        Id = id;
        To = to;

        // Nobody has to wait for these; a failure that nobody looks at is no error of the process.
        foreach (TaskCompletionSource source in new[] { _stored, _accepted, _delivered })
        {
            _ = source.Task.ContinueWith(
                static task => _ = task.Exception,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    /// <summary>Names the message.</summary>
    public Digest16 Id { get; }

    /// <summary>The recipient's name.</summary>
    public string To { get; }

    /// <summary>Ends when two nodes keep the message durably, for every device of the recipient.</summary>
    public Task Accepted => _accepted.Task;

    /// <summary>Ends when every device of the recipient has the message durably.</summary>
    public Task Delivered => _delivered.Task;

    /// <summary>Ends when the message is sealed and durable on this machine, for every device.</summary>
    internal Task Stored => _stored.Task;

    /// <summary>Makes one part for each device it goes to; called once.</summary>
    internal IReadOnlyList<MessagePart> Split(int devices)
    {
        _unstored = _unaccepted = _undelivered = devices;
        return [.. Enumerable.Range(0, devices).Select(_ => new MessagePart(this))];
    }

    internal void PartStored() => Count(ref _unstored, _stored);

    internal void PartAccepted() => Count(ref _unaccepted, _accepted);

    internal void PartDelivered() => Count(ref _undelivered, _delivered);

    internal void Fail(ClientException failure)
    {
        _stored.TrySetException(failure);
        _accepted.TrySetException(failure);
        _delivered.TrySetException(failure);
    }

    private static void Count(ref int left, TaskCompletionSource source)
    {
        if (Interlocked.Decrement(ref left) == 0)
        {
            source.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
