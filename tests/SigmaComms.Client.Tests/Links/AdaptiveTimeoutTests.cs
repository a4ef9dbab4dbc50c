using SigmaComms.Client.Links;

namespace SigmaComms.Client.Tests.Links;

public sealed class AdaptiveTimeoutTests
{
    [Fact]
    public void Before_the_first_answer_it_is_patient()
    {
        Assert.Equal(AdaptiveTimeout.Longest, new AdaptiveTimeout().Current);
    }

    [Fact]
    public void A_fast_link_gets_the_shortest_wait()
    {
        var timeout = new AdaptiveTimeout();

        for (int i = 0; i < 20; i++)
        {
            timeout.Add(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(AdaptiveTimeout.Shortest, timeout.Current);
        Assert.InRange(timeout.SmoothedRoundTrip.TotalMilliseconds, 0.9, 1.1);
    }

    [Fact]
    public void A_slow_and_varying_link_gets_more_but_never_more_than_the_longest()
    {
        var timeout = new AdaptiveTimeout();

        timeout.Add(TimeSpan.FromMilliseconds(300));
        TimeSpan slow = timeout.Current;
        for (int i = 0; i < 20; i++)
        {
            timeout.Add(TimeSpan.FromSeconds(i % 2 == 0 ? 1 : 9));
        }

        Assert.InRange(slow.TotalMilliseconds, 3_000, 4_000);
        Assert.Equal(AdaptiveTimeout.Longest, timeout.Current);
    }
}
