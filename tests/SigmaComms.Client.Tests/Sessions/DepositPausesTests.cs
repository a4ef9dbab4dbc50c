using SigmaComms.Client.Sessions;

namespace SigmaComms.Client.Tests.Sessions;

public sealed class DepositPausesTests
{
    private readonly DepositPauses _pauses = new();

    [Fact]
    public void The_first_fifteen_pauses_are_200_ms_each_then_they_double_up_to_5_s()
    {
        double[] pausesMs = Take(21, mayPassSoon: true);

        Assert.Equal([.. Enumerable.Repeat(200.0, 15), 400, 800, 1600, 3200, 5000, 5000], pausesMs);
    }

    [Fact]
    public void A_refusal_that_no_failover_mends_is_asked_about_less_often_from_the_first()
    {
        double[] pausesMs = Take(7, mayPassSoon: false);

        Assert.Equal([200, 400, 800, 1600, 3200, 5000, 5000], pausesMs);
    }

    [Fact]
    public void After_a_success_the_short_pauses_begin_anew()
    {
        Take(100, mayPassSoon: true);

        _pauses.Reset();

        Assert.Equal([.. Enumerable.Repeat(200.0, 15), 400], Take(16, mayPassSoon: true));
    }

    private double[] Take(int count, bool mayPassSoon) =>
        [.. Enumerable.Range(0, count).Select(_ => _pauses.Next(mayPassSoon).TotalMilliseconds)];
}
