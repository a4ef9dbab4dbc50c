namespace SigmaComms.Actors.Shutdown;

/// <summary>Something to do in a phase; whoever added it may take it back.</summary>
internal sealed class ShutdownTask(
    CoordinatedShutdown owner, string phase, string name, Func<CancellationToken, ValueTask> work) : IDisposable
{
    public string Phase => phase;

    public string Name => name;

    /// <summary>Starts it. A failure is the task's, never an exception of this call.</summary>
    public async Task RunAsync(CancellationToken cancellationToken) => await work(cancellationToken);

    public void Dispose() => owner.Remove(this);
}
