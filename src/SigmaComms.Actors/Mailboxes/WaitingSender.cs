namespace SigmaComms.Actors.Mailboxes;

/// <summary>A sender that waits for room in a full mailbox, with its message.</summary>
internal sealed class WaitingSender(Mailbox mailbox, Envelope envelope)
{
    private readonly TaskCompletionSource<SendResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Envelope Envelope => envelope;

    public void Complete(SendResult result) => _done.TrySetResult(result);

    public async ValueTask<SendResult> WaitAsync(CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.Register(() =>
        {
            if (mailbox.Withdraw(this))
            {
                _done.TrySetCanceled(cancellationToken);
            }
        });
        return await _done.Task;
    }
}
