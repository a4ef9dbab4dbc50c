using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Telemetry;

namespace SigmaComms.Cluster.Tests.Health;

public sealed class FailureBudgetTests
{
    [Fact]
    public void A_storm_is_told_twenty_times_a_second_for_each_type_and_the_rest_is_counted()
    {
        VirtualTime time = new();
        FailureBudget budget = new(time);

        int told = Enumerable.Range(0, 1_000).Count(i => budget.TryTake("Mailbox", $"/user/{i}", "Exception: why"));
        bool other = budget.TryTake("Peer", "/user/p", "Exception: why");
        time.Advance(TimeSpan.FromSeconds(1));
        bool later = budget.TryTake("Mailbox", "/user/later", "Exception: why");

        Assert.Equal((20, true, true), (told, other, later));
        Assert.Equal([("Mailbox", 980L, "/user/999", "Exception: why")], budget.TakeUntold());
        Assert.Empty(budget.TakeUntold());
    }
}
