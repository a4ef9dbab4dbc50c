namespace SigmaComms.Actors.Mailboxes;

/// <summary>A sender that waits for room in a full mailbox, with its message.</summary>
internal sealed class WaitingSender(Envelope envelope)
{
    private readonly TaskCompletionSource<SendResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _decided;

    public Envelope Envelope { get; } = envelope;

    /// <summary>Decides once whether the message goes in or the wait was cancelled before.</summary>
    public bool TryAdmit() => Interlocked.Exchange(ref _decided, 1) == 0;

    public void Complete(SendResult result) => _done.TrySetResult(result);

    public async ValueTask<SendResult> WaitAsync(CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.Register(() =>
        {
            if (TryAdmit())
            {
                _done.TrySetCanceled(cancellationToken);
            }
        });
        return await _done.Task;
    }
}
