using SigmaComms.Client.Links;
using SigmaComms.Client.Tests.Support;

namespace SigmaComms.Client.Tests.Links;

public sealed class ReconnectPlanTests
{
    [Fact]
    public void The_first_round_goes_through_the_list_without_delay()
    {
        var plan = new ReconnectPlan(["a:1", "b:1", "c:1"], new SeededRandom(1));

        var tried = new List<string> { plan.Current };
        TimeSpan first = plan.Failed();
        tried.Add(plan.Current);
        TimeSpan second = plan.Failed();
        tried.Add(plan.Current);
        TimeSpan third = plan.Failed();

        Assert.Equal(["a:1", "b:1", "c:1"], tried);
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero], [first, second]);
        Assert.True(third > TimeSpan.Zero);
        Assert.Equal("a:1", plan.Current);
    }

    [Fact]
    public void Delays_grow_vary_and_are_bounded()
    {
        var plan = new ReconnectPlan(["a:1"], new SeededRandom(2));

        double[] delaysMs = [.. Enumerable.Range(0, 40).Select(_ => plan.Failed().TotalMilliseconds)];

        Assert.All(delaysMs, delay => Assert.InRange(delay, 50, 5_000));
        Assert.InRange(delaysMs[0], 50, 100);
        Assert.All(delaysMs[10..], delay => Assert.InRange(delay, 2_500, 5_000));
        Assert.True(delaysMs[10..].Distinct().Count() > 10, "no jitter");
    }

    [Fact]
    public void A_success_starts_anew_and_a_later_loss_moves_on_at_once()
    {
        var plan = new ReconnectPlan(["a:1", "b:1"], new SeededRandom(3));
        plan.Failed();
        plan.Failed();
        plan.Failed();

        plan.Succeeded();
        string stayed = plan.Current;
        TimeSpan delay = plan.Failed();

        Assert.Equal(TimeSpan.Zero, delay);
        Assert.NotEqual(stayed, plan.Current);
    }

    [Fact]
    public void It_learns_further_nodes_once_and_not_without_end()
    {
        var plan = new ReconnectPlan(["a:1"], new SeededRandom(4));

        plan.Learn(["a:1", "b:1", "b:1"]);
        plan.Learn(Enumerable.Range(0, 1_000).Select(i => $"n{i}:1"));

        Assert.Equal(["a:1", "b:1"], plan.Endpoints.Take(2));
        Assert.Equal(1 + ReconnectPlan.LearnedMax, plan.Endpoints.Count);
    }

    [Fact]
    public void What_is_no_endpoint_is_not_learned()
    {
        var plan = new ReconnectPlan(["a:1"], new SeededRandom(6));

        plan.Learn(["", "b", "b:0x", "b:99999999", ":1"]);

        Assert.Equal(["a:1"], plan.Endpoints);
    }

    [Fact]
    public void A_learned_node_that_fails_three_times_in_a_row_is_forgotten_and_one_of_the_profile_never()
    {
        var plan = new ReconnectPlan(["a:1"], new SeededRandom(7));
        plan.Learn(["dead:1", "alive:1"]);
        var tried = new List<string>();

        for (int i = 0; i < 30; i++)
        {
            tried.Add(plan.Current);
            if (plan.Current == "alive:1")
            {
                plan.Succeeded();
            }

            plan.Failed();
        }

        Assert.Equal(["a:1", "alive:1"], plan.Endpoints);
        Assert.Equal(3, tried.Count(endpoint => endpoint == "dead:1"));
        Assert.True(tried.Count(endpoint => endpoint == "a:1") >= 12);
    }

    [Fact]
    public void An_empty_list_is_the_callers_fault()
    {
        Assert.Throws<ArgumentException>(() => new ReconnectPlan([], new SeededRandom(5)));
    }
}
