using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Tests.Vectors;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Entropy;

public sealed class HealthTestTests(ITestOutputHelper output)
{
    // Cut-offs from an exact computation with fractions; 31 and 325 for one bit are those of SP 800-90B for 2^-30.
    [Theory]
    [InlineData(8, 5, 16)]
    [InlineData(7, 6, 22)]
    [InlineData(6, 6, 31)]
    [InlineData(5, 7, 46)]
    [InlineData(4, 9, 71)]
    [InlineData(3, 11, 114)]
    [InlineData(2, 16, 190)]
    [InlineData(1, 31, 325)]
    [InlineData(0.5, 61, 422)]
    public void The_cutoffs_are_those_of_the_standard(double claim, int repetition, int proportion)
    {
        Assert.Equal(repetition, new RepetitionCountTest(claim).Cutoff);
        Assert.Equal(proportion, new AdaptiveProportionTest(claim).Cutoff);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(8.01)]
    [InlineData(double.NaN)]
    public void A_claim_that_no_source_of_bytes_can_make_is_refused(double claim)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RepetitionCountTest(claim));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveProportionTest(claim));
    }

    [Fact]
    public void One_repetition_below_the_cutoff_passes_and_the_next_does_not()
    {
        RepetitionCountTest test = new(8);

        bool[] accepted = [.. Enumerable.Repeat((byte)9, 5).Select(test.Accepts)];

        Assert.Equal([true, true, true, true, false], accepted);
        Assert.True(test.Accepts(8));
    }

    [Fact]
    public void A_value_one_time_below_the_cutoff_in_a_window_passes_and_the_next_does_not()
    {
        AdaptiveProportionTest test = new(8);
        byte[] window = [.. Enumerable.Range(0, 32).Select(static i => (byte)(i % 2 == 0 ? 200 : i))];

        bool[] accepted = [.. window.Select(test.Accepts)];

        Assert.All(accepted[..30], Assert.True);
        Assert.False(accepted[30]);
    }

    [Fact]
    public void The_count_begins_anew_with_each_window()
    {
        AdaptiveProportionTest test = new(8);
        byte[] window = [.. Enumerable.Range(0, 512).Select(static i => (byte)(i < 15 ? 200 : i % 256))];
        window[200] = window[456] = 1;

        IEnumerable<bool> accepted = window.Concat(window).Concat(window).Select(test.Accepts);

        Assert.All(accepted, Assert.True);
    }

    [Fact]
    public void A_good_source_raises_no_alarm_in_four_million_bytes()
    {
        output.WriteLine("seed 90");
        MonitoredSource source = new(new SeededRandom(90), 8);
        byte[] bytes = new byte[4_000_000];

        bool healthy = source.TryRead(bytes);

        Assert.True(healthy);
        Assert.Equal(EntropyAlarm.None, source.Alarm);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    [InlineData(2)]
    public void A_source_that_gets_stuck_raises_the_alarm_and_gives_nothing(double claim)
    {
        output.WriteLine("seed 91");
        byte[] good = new byte[MonitoredSource.StartUpSize + 1000];
        new SeededRandom(91).Fill(good);
        MonitoredSource source = new(new ReplayedSource(good), claim);
        byte[] bytes = new byte[500];

        Assert.True(source.TryRead(bytes));
        Assert.True(source.TryRead(bytes));
        bool healthy = source.TryRead(bytes);

        Assert.False(healthy);
        Assert.Equal(EntropyAlarm.Repetition, source.Alarm);
        Assert.All(bytes, static b => Assert.Equal(0, b));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    [InlineData(2)]
    public void A_recorded_clock_that_claims_more_than_it_has_raises_the_alarm(double claim)
    {
        byte[] recorded = VectorFolder.ReadBytes("entropy/clock-differences.bin");
        MonitoredSource source = new(new ReplayedSource(recorded), claim);

        bool healthy = source.TryRead(new byte[recorded.Length - MonitoredSource.StartUpSize]);

        Assert.False(healthy);
        Assert.NotEqual(EntropyAlarm.None, source.Alarm);
    }

    [Fact]
    public void A_source_with_one_value_in_four_raises_the_alarm_of_bias()
    {
        output.WriteLine("seed 92");
        byte[] biased = new byte[8192];
        SeededRandom random = new(92);
        random.Fill(biased);
        for (int i = 0; i < biased.Length; i += 4)
        {
            biased[i] = 7;
        }

        MonitoredSource source = new(new ReplayedSource(biased), 6);
        bool healthy = source.TryRead(new byte[4096]);

        Assert.False(healthy);
        Assert.Equal(EntropyAlarm.Proportion, source.Alarm);
    }

    [Fact]
    public void An_alarm_stays_until_the_source_is_started_again()
    {
        output.WriteLine("seed 93");
        byte[] mended = new byte[60_000];
        new SeededRandom(93).Fill(mended);
        mended.AsSpan(2000, 100).Clear();
        ReplayedSource raw = new(mended);
        MonitoredSource source = new(raw, 8);
        byte[] bytes = new byte[2000];
        Assert.False(source.TryRead(bytes));
        int before = raw.Position;

        Assert.False(source.TryRead(bytes));
        Assert.Equal(before, raw.Position);
        source.Restart();

        Assert.True(source.TryRead(bytes));
        Assert.Equal(before + MonitoredSource.StartUpSize + bytes.Length, raw.Position);
    }
}
