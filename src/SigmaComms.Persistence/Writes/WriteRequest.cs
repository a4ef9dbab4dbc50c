namespace SigmaComms.Persistence.Writes;

/// <summary>A write that waits for its turn, with the task of the one who waits for it.</summary>
/// <typeparam name="TTables">What a store's writes work on, inside an open transaction.</typeparam>
internal abstract class WriteRequest<TTables>
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Given = 2;

    private int _state;

    protected WriteRequest(string persistenceId, int events, int sizeBytes)
    {
        PersistenceId = persistenceId;
        Events = events;
        SizeBytes = sizeBytes;
    }

    /// <summary>Whose journal or snapshots it writes.</summary>
    public string PersistenceId { get; }

    /// <summary>How many events it writes, at least 1.</summary>
    public int Events { get; }

    /// <summary>How many payload bytes it writes.</summary>
    public int SizeBytes { get; }

    /// <summary>Takes the request for writing; from here on it cannot be cancelled.</summary>
    /// <returns>False if it was cancelled before.</returns>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Does the write inside the open transaction; runs again after a rollback.</summary>
    public abstract void Execute(TTables tables, long utcTicks);

    /// <summary>The transaction is durable: tell the outcome.</summary>
    public abstract void Complete();

    /// <summary>The transaction may or may not be durable.</summary>
    public abstract void Doubt(JournalException reason);

    /// <summary>Nothing was stored.</summary>
    public abstract void Fail(Exception reason);

    /// <summary>Takes the request back before it began.</summary>
    protected bool TryCancel() => Interlocked.CompareExchange(ref _state, Given, Waiting) == Waiting;
}
