namespace SigmaComms.Persistence.Sqlite;

/// <summary>A write with an outcome.</summary>
internal sealed class PendingWrite<T> : WriteRequest
{
    private readonly TaskCompletionSource<T> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<SqliteTables, long, T> _write;
    private readonly Func<string, T>? _inDoubt;
    private T? _outcome;

    /// <param name="events">How many events it writes, at least 1.</param>
    /// <param name="sizeBytes">How many payload bytes it writes.</param>
    /// <param name="write">The write; gets the tables and the present UTC ticks.</param>
    /// <param name="inDoubt">The outcome when nobody knows; null: the failure itself.</param>
    public PendingWrite(
        int events, int sizeBytes, Func<SqliteTables, long, T> write, Func<string, T>? inDoubt = null)
        : base(events, sizeBytes)
    {
        _write = write;
        _inDoubt = inDoubt;
    }

    /// <summary>Waits for the outcome; cancellation counts only while the request waits for its turn.</summary>
    public async ValueTask<T> WaitAsync(CancellationToken ct)
    {
        await using CancellationTokenRegistration registration = ct.UnsafeRegister(Cancel, this);
        return await _ended.Task;
    }

    public override void Execute(SqliteTables tables, long utcTicks) => _outcome = _write(tables, utcTicks);

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
        var request = (PendingWrite<T>)state!;
        if (request.TryCancel())
        {
            request._ended.TrySetCanceled(ct);
        }
    }
}
