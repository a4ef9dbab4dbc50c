namespace SigmaComms.Actors.Tests.Exploration;

/// <summary>Takes two forks, one after the other, and puts them back.</summary>
internal sealed class Philosopher : ReceiveActor
{
    public Philosopher(SemaphoreSlim first, SemaphoreSlim second) =>
        ReceiveAsync<string>(async _ =>
        {
            await first.WaitAsync();
            await Task.Yield();
            await second.WaitAsync();
            second.Release();
            first.Release();
        });
}
