using SigmaComms.Actors;

namespace SigmaComms.Cluster.Control.Verification;

/// <summary>Tells a worker that frames wait, once until it has heard it.</summary>
/// <remarks>Safe to call from any thread.</remarks>
internal sealed class VerifierWakeUp
{
    private IActorRef? _worker;
    private int _isTold;

    /// <summary>The worker runs; what waits already is told at once.</summary>
    public void Bind(IActorRef worker)
    {
        Volatile.Write(ref _worker, worker);
        Interlocked.Exchange(ref _isTold, 0);
        Wake();
    }

    /// <summary>The worker looks now.</summary>
    public void Heard() => Interlocked.Exchange(ref _isTold, 0);

    /// <summary>Tells the worker, unless it was told and has not looked since.</summary>
    /// <returns>Whether it was told.</returns>
    public bool Wake()
    {
        if (Volatile.Read(ref _worker) is not { } worker || Interlocked.Exchange(ref _isTold, 1) != 0)
        {
            return false;
        }

        worker.Tell(FramesWait.Instance);
        return true;
    }
}
