using SigmaComms.Client.Sessions;

namespace SigmaComms.Client.Tests.Sessions;

public sealed class ReceiptPlanTests
{
    private const long Start = 1_000_000_000;

    [Fact]
    public void The_first_repeat_is_answered_at_once_and_each_further_one_later_than_the_one_before()
    {
        var plan = new ReceiptPlan();
        var times = new List<long>();

        for (long now = Start; now < Start + (10 * ReceiptPlan.PauseLastMs); now += 1_000)
        {
            plan.Repeated();
            plan.Unopened();
            if (plan.DueUnixMs <= now)
            {
                times.Add(now);
                plan.Told(now, isReceipt: true);
            }
        }

        Assert.Equal(Start, times[0]);
        Assert.Equal([5_000L, 10_000, 20_000], times.Zip(times.Skip(1), (a, b) => b - a).Take(3));
        Assert.Equal(ReceiptPlan.PauseLastMs, times[^1] - times[^2]);
        Assert.InRange(times.Count, 12, 22);
    }

    [Fact]
    public void A_gap_is_told_only_if_it_stays()
    {
        var plan = new ReceiptPlan();
        plan.GapSeen(Start);
        long? due = plan.DueUnixMs;

        plan.Advanced(Start + 100, gapStays: false);

        Assert.Equal(Start + ReceiptPlan.GapPatienceMs, due);
        Assert.Null(plan.DueUnixMs);
    }

    [Fact]
    public void What_was_missing_and_came_ends_the_wait()
    {
        var plan = new ReceiptPlan();
        long now = Start;
        for (int i = 0; i < 6; i++)
        {
            plan.Unopened();
            now = Math.Max(now, plan.DueUnixMs!.Value);
            plan.Told(now, isReceipt: true);
        }

        plan.Unopened();
        long? before = plan.DueUnixMs;
        plan.Advanced(now, gapStays: false);

        Assert.Equal(now + 160_000, before);
        Assert.Equal(now, plan.DueUnixMs);
    }

    [Fact]
    public void An_ordinary_message_tells_what_is_here_but_not_that_something_could_not_be_opened()
    {
        var plan = new ReceiptPlan();
        plan.Repeated();
        plan.Unopened();

        plan.Told(Start, isReceipt: false);

        Assert.True(plan.Asks);
        Assert.NotNull(plan.DueUnixMs);
    }
}
