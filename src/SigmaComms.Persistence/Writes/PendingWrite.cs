namespace SigmaComms.Persistence.Writes;

/// <summary>A write with an outcome.</summary>
/// <typeparam name="TTables">What the write works on.</typeparam>
/// <typeparam name="TOutcome">What its caller is told.</typeparam>
internal sealed class PendingWrite<TTables, TOutcome> : WriteRequest<TTables>
{
    private readonly TaskCompletionSource<TOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<TTables, long, TOutcome> _write;
    private readonly Func<string, TOutcome>? _inDoubt;
    private TOutcome? _outcome;

    /// <param name="persistenceId">Whose journal or snapshots it writes.</param>
    /// <param name="events">How many events it writes, at least 1.</param>
    /// <param name="sizeBytes">How many payload bytes it writes.</param>
    /// <param name="write">The write; gets the tables and the present UTC ticks.</param>
    /// <param name="inDoubt">The outcome when nobody knows; null: the failure itself.</param>
    public PendingWrite(
        string persistenceId,
        int events,
        int sizeBytes,
        Func<TTables, long, TOutcome> write,
        Func<string, TOutcome>? inDoubt = null)
        : base(persistenceId, events, sizeBytes)
    {
        _write = write;
        _inDoubt = inDoubt;
    }

    /// <summary>Waits for the outcome; cancellation counts only while the request waits for its turn.</summary>
    public async ValueTask<TOutcome> WaitAsync(CancellationToken ct)
    {
        await using CancellationTokenRegistration registration = ct.UnsafeRegister(Cancel, this);
        return await _ended.Task;
    }

    public override void Execute(TTables tables, long utcTicks) => _outcome = _write(tables, utcTicks);

    public override void Complete() => _ended.TrySetResult(_outcome!);

    public override void Doubt(JournalException reason)
    {
        if (_inDoubt is null)
        {
            _ended.TrySetException(reason);
        }
        else
        {
            _ended.TrySetResult(_inDoubt(reason.Message));
        }
    }

    public override void Fail(Exception reason) => _ended.TrySetException(reason);

    private static void Cancel(object? state, CancellationToken ct)
    {
        var request = (PendingWrite<TTables, TOutcome>)state!;
        if (request.TryCancel())
        {
            request._ended.TrySetCanceled(ct);
        }
    }
}
