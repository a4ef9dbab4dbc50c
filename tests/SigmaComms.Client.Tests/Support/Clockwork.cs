using SigmaComms.Actors.TestKit;

namespace SigmaComms.Client.Tests.Support;

/// <summary>
/// Moves virtual time while clients work on the thread pool: a step only when the pool has nothing to do, so that
/// time-outs mean what they say however slow the machine is. For that the tests of this assembly run one by one.
/// </summary>
internal sealed class Clockwork
{
    private const long HangMs = 150_000;
    private const int CalmRounds = 3;
    private const int SpinsMax = 200;
    private const int RoundsMax = 500;
    private static readonly TimeSpan StepMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan StepMax = TimeSpan.FromMilliseconds(500);

    private static int _always = int.MaxValue;

    public VirtualTime Time { get; } = new();

    /// <summary>
    /// Lets things happen until the condition holds. What another actor does at the same moment may come later.
    /// </summary>
    /// <exception cref="TimeoutException">It did not within the given virtual time.</exception>
    public async Task UntilAsync(Func<bool> condition, string what, TimeSpan? within = null)
    {
        DateTimeOffset end = Time.GetUtcNow() + (within ?? TimeSpan.FromMinutes(5));

        // A machine that is busy with other things lets virtual time run ahead of the work: only when real time has
        // passed too is it certain that nothing more comes.
        long hangs = Environment.TickCount64 + HangMs;
        while (Time.GetUtcNow() < end || Environment.TickCount64 < hangs)
        {
            await SettleAsync(condition);
            if (condition())
            {
                return;
            }

            Advance();
        }

        throw new TimeoutException($"It did not come to this: {what}");
    }

    public async Task<T> UntilAsync<T>(Task<T> task, string what, TimeSpan? within = null)
    {
        await UntilAsync(() => task.IsCompleted, what, within);
        return await task;
    }

    public async Task UntilAsync(Task task, string what, TimeSpan? within = null)
    {
        await UntilAsync(() => task.IsCompleted, what, within);
        await task;
    }

    public async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        bool holds = false;
        while (!holds)
        {
            holds = await UntilAsync(condition(), what);
            Advance();
        }
    }

    /// <summary>Lets virtual time pass.</summary>
    public Task PassAsync(TimeSpan time)
    {
        DateTimeOffset end = Time.GetUtcNow() + time;
        return UntilAsync(() => Time.GetUtcNow() >= end, "time passes", time + TimeSpan.FromSeconds(1));
    }

    /// <summary>To the next timer, so that nothing is waited for that nobody has asked for.</summary>
    private void Advance()
    {
        TimeSpan next = Time.UntilNext ?? StepMax;
        Time.Advance(next < StepMin ? StepMin : next > StepMax ? StepMax : next);
    }

    private static async Task SettleAsync(Func<bool> condition)
    {
        int calm = 0;
        for (int round = 0; calm < CalmRounds && round < RoundsMax && !condition(); round++)
        {
            await Task.Run(static () => { });
            var spin = new SpinWait();
            while (IsBusy() && spin.Count < SpinsMax)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            calm = IsBusy() ? 0 : calm + 1;
        }
    }

    /// <summary>Whether the pool works or has to: a thread that the system put aside in its work counts too.</summary>
    private static bool IsBusy()
    {
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int free, out _);

        // The test runner itself keeps some threads of the pool: the fewest ever seen at work are those.
        int atWork = most - free - (Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
        _always = Math.Min(_always, atWork);
        return atWork > _always || ThreadPool.PendingWorkItemCount > 0;
    }
}
