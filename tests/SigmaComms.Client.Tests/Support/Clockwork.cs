using SigmaComms.Actors.TestKit;

namespace SigmaComms.Client.Tests.Support;

/// <summary>
/// Moves virtual time while clients work on the thread pool: a step only when the pool has nothing to do, so that
/// time-outs mean what they say however slow the machine is.
/// </summary>
internal sealed class Clockwork
{
    private const int StepsMax = 200_000;
    private const int CalmRounds = 6;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    public VirtualTime Time { get; } = new();

    /// <summary>Lets things happen until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within the given virtual time.</exception>
    public async Task UntilAsync(Func<bool> condition, string what, TimeSpan? within = null)
    {
        DateTimeOffset end = Time.GetUtcNow() + (within ?? TimeSpan.FromMinutes(5));
        for (int i = 0; i < StepsMax && Time.GetUtcNow() < end; i++)
        {
            await SettleAsync(condition);
            if (condition())
            {
                return;
            }

            Time.Advance(Step);
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
            Time.Advance(Step);
        }
    }

    /// <summary>Lets virtual time pass.</summary>
    public Task PassAsync(TimeSpan time)
    {
        DateTimeOffset end = Time.GetUtcNow() + time;
        return UntilAsync(() => Time.GetUtcNow() >= end, "time passes", time + TimeSpan.FromSeconds(1));
    }

    private static async Task SettleAsync(Func<bool> condition)
    {
        int calm = 0;
        while (calm < CalmRounds && !condition())
        {
            long before = ThreadPool.CompletedWorkItemCount;
            await Task.Run(static () => Thread.Yield());
            bool quiet = ThreadPool.PendingWorkItemCount == 0 && ThreadPool.CompletedWorkItemCount - before <= 2;
            calm = quiet ? calm + 1 : 0;
        }
    }
}
