using SigmaComms.Actors.TestKit;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Vault.Tests.Scatter;

public sealed class NodeConditionTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public void Five_failures_within_a_minute_close_the_way_and_one_trial_after_thirty_seconds_opens_it()
    {
        NodeCondition node = new(_time);
        for (int i = 0; i < 5; i++)
        {
            Assert.True(node.TryEnter());
            node.Report(answered: false, null);
        }

        Assert.False(node.TryEnter());
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(node.TryEnter());
        Assert.False(node.TryEnter());
        node.Report(answered: true, TimeSpan.FromMilliseconds(1));
        Assert.True(node.TryEnter());
        Assert.True(node.TryEnter());
    }

    [Fact]
    public void A_trial_that_fails_closes_the_way_for_thirty_seconds_more()
    {
        NodeCondition node = new(_time);
        for (int i = 0; i < 5; i++)
        {
            node.Report(answered: false, null);
        }

        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.True(node.TryEnter());
        node.Report(answered: false, null);

        Assert.False(node.TryEnter());
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(node.TryEnter());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(node.TryEnter());
        node.Withdraw(null);
        Assert.True(node.TryEnter());
    }

    [Fact]
    public void Failures_further_apart_do_not_add_up()
    {
        NodeCondition node = new(_time);
        for (int i = 0; i < 20; i++)
        {
            node.Report(answered: false, null);
            _time.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.True(node.TryEnter());
    }

    [Fact]
    public void Latencies_are_those_of_the_last_reads()
    {
        NodeCondition node = new(_time);
        Assert.Equal(TimeSpan.Zero, node.Median);
        for (int i = 1; i <= 1_000; i++)
        {
            node.Report(answered: true, TimeSpan.FromMilliseconds(i));
        }

        node.Report(answered: true, null);
        node.Withdraw(TimeSpan.FromMilliseconds(1));

        Assert.InRange(node.Median, TimeSpan.FromMilliseconds(967), TimeSpan.FromMilliseconds(969));
        Assert.InRange(node.Quantile(95), TimeSpan.FromMilliseconds(995), TimeSpan.FromMilliseconds(998));
    }
}
