namespace SigmaComms.Actors.Breakers;

/// <summary>One call on its way through a breaker.</summary>
internal sealed class BreakerCall<T>(Breaker breaker, Func<CancellationToken, ValueTask<T>> work)
{
    /// <summary>Whether the breaker let it pass.</summary>
    public bool Passed { get; private set; }

    public async ValueTask<T> RunAsync(TimeProvider time, TimeSpan? limit, CancellationToken cancellationToken)
    {
        Passed = true;
        breaker.Observe();
        if (limit is not { } longest)
        {
            return await work(cancellationToken);
        }

        using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<T> running = work(source.Token).AsTask();
        try
        {
            return await running.WaitAsync(longest, time, cancellationToken);
        }
        catch (Exception) when (!running.IsCompleted)
        {
            // The caller does not wait for a call that takes no notice of its token. Nobody will see its failure.
            _ = running.ContinueWith(
                static late => late.Exception, CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            Cancel(source);
            throw;
        }
    }

    // On this thread, so that a simulation stays on its one thread. A callback that fails belongs to the call, of which
    // the caller learns nothing more.
    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException)
        {
            return;
        }
    }
}
