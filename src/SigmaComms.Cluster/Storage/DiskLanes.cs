namespace SigmaComms.Cluster.Storage;

/// <summary>
/// A few threads that wait for the disk, so that neither actors nor the pool have to. Without any, work is done on the
/// caller's thread: in a simulation.
/// </summary>
internal sealed class DiskLanes : IDisposable
{
    private const int WaitingMax = 16_384;
    private const int SparesMax = 16;

    private readonly object _gate = new();
    private readonly Queue<Action> _waiting = new();
    private readonly bool _isInline;
    private int _spares;
    private int _surplus;
    private bool _stopped;

    public DiskLanes(int threads)
    {
        _isInline = threads == 0;
        for (int i = 0; i < threads; i++)
        {
            Begin();
        }
    }

    /// <summary>Does some work on one of the threads.</summary>
    /// <exception cref="IOException">Too much waits already.</exception>
    public Task<T> RunAsync<T>(Func<T> work) => RunAsync(work, static () => { });

    /// <summary>Does some work on one of the threads.</summary>
    /// <param name="work">What.</param>
    /// <param name="queued">Called once it is certain that a thread will come to it.</param>
    /// <exception cref="IOException">Too much waits already.</exception>
    public Task<T> RunAsync<T>(Func<T> work, Action queued)
    {
        TaskCompletionSource<T> done = new(
            _isInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
        if (_isInline)
        {
            queued();
            Do(work, done);
            return done.Task;
        }

        lock (_gate)
        {
            if (_stopped || _waiting.Count >= WaitingMax)
            {
                return Task.FromException<T>(new IOException(
                    _stopped ? "The storage is closed." : "Too much waits for the disks."));
            }

            queued();
            _waiting.Enqueue(() => Do(work, done));
            Monitor.Pulse(_gate);
        }

        return done.Task;
    }

    /// <summary>A disk hangs and has a thread with it: another takes its place.</summary>
    public void AddSpare()
    {
        lock (_gate)
        {
            if (!_isInline && !_stopped && _spares < SparesMax)
            {
                _spares++;
                Begin();
            }
        }
    }

    /// <summary>A thread came back from a disk that hung: there is one too many.</summary>
    public void DropSpare()
    {
        lock (_gate)
        {
            if (_spares > 0)
            {
                _spares--;
                _surplus++;
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Does what waits, and ends the threads.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    // The caller's await sees every failure.
    private static void Do<T>(Func<T> work, TaskCompletionSource<T> done)
    {
        T result;
        try
        {
            result = work();
        }
        catch (Exception failure)
        {
            done.SetException(failure);
            return;
        }

        done.SetResult(result);
    }

    private void Begin() => new Thread(Run, 256 << 10) { IsBackground = true, Name = "storage disk" }.Start();

    private void Run()
    {
        while (Next() is { } work)
        {
            work();
        }
    }

    private Action? Next()
    {
        lock (_gate)
        {
            while (!_stopped && _surplus == 0 && _waiting.Count == 0)
            {
                Monitor.Wait(_gate);
            }

            if (_surplus > 0 && !_stopped)
            {
                _surplus--;
                return null;
            }

            return _waiting.TryDequeue(out Action? work) ? work : null;
        }
    }
}
