using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;

namespace SigmaComms.Actors.Tests;

public sealed class BackoffTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Waits_double_up_to_the_longest()
    {
        Backoff backoff = new(Second, 10 * Second, 0, TimeSpan.FromMinutes(1));

        double[] waits = [.. Enumerable.Range(1, 6).Select(i => backoff.Delay(i, 0.5).TotalSeconds)];

        Assert.Equal([1, 2, 4, 8, 10, 10], waits);
    }

    [Fact]
    public void Jitter_only_lengthens_a_wait()
    {
        Backoff backoff = new(Second, 10 * Second, 0.2, TimeSpan.FromMinutes(1));

        Assert.Equal(1, backoff.Delay(1, 0).TotalSeconds);
        Assert.Equal(1.2, backoff.Delay(1, 1).TotalSeconds, precision: 6);
    }

    [Fact]
    public void The_longest_possible_settings_do_not_overflow()
    {
        Backoff backoff = new(TimeSpan.MaxValue, TimeSpan.MaxValue, 1, TimeSpan.MaxValue);

        Assert.Equal(60, backoff.Delay(int.MaxValue, 1).TotalDays);
    }

    [Theory]
    [InlineData(-1, 1, 0)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 2, -0.1)]
    [InlineData(1, 2, 1.1)]
    [InlineData(1, 2, double.NaN)]
    public void Senseless_settings_are_refused(double min, double max, double jitter) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Backoff(min * Second, max * Second, jitter, TimeSpan.FromMinutes(1)));

    [Fact]
    public async Task Restarts_wait_longer_and_longer_and_begin_anew_after_a_quiet_time()
    {
        await using Family family = new(new OneForOneStrategy(
            -1, TimeSpan.FromMinutes(1), _ => Directive.Restart,
            new Backoff(Second, 60 * Second, 0, TimeSpan.FromSeconds(30))));
        List<double> waits = [];

        for (int i = 0; i < 7; i++)
        {
            waits.Add(FailAndMeasure(family));
        }

        family.Test.Advance(TimeSpan.FromSeconds(31));
        waits.Add(FailAndMeasure(family));

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 1], waits);
    }

    [Fact]
    public async Task A_failing_start_is_tried_again_with_growing_waits()
    {
        await using Family family = new(new OneForOneStrategy(
            -1, TimeSpan.FromMinutes(10), _ => Directive.Restart,
            new Backoff(Second, 60 * Second, 0, TimeSpan.FromSeconds(30))));
        List<double> starts = [];
        Script script = new()
        {
            OnStart = _ =>
            {
                starts.Add(family.Test.Time.GetUtcNow().TimeOfDay.TotalSeconds);
                throw new Planted();
            },
        };
        family.Parent.Tell(ScriptedActor.Do(me => me.Here.ActorOf(script.Props, "failing")));

        family.Test.Advance(20 * Second);

        Assert.Equal([0, 1, 3, 7, 15], starts);
    }

    [Fact]
    public async Task Messages_wait_for_the_new_instance()
    {
        await using Family family = new(new OneForOneStrategy(
            -1, TimeSpan.FromMinutes(1), _ => Directive.Restart,
            new Backoff(Second, Second, 0, TimeSpan.FromMinutes(1))));
        family.Child.Tell(new Planted());
        family.Child.Tell("kept");
        family.Run();
        string[] before = family.ChildScript.Take();

        family.Test.Advance(Second);

        Assert.Equal(["start 1", "stop 1"], before);
        Assert.Equal(["start 2", "kept"], family.ChildScript.Take());
    }

    private static double FailAndMeasure(Family family)
    {
        DateTimeOffset start = family.Test.Time.GetUtcNow();
        int before = family.ChildScript.Instances;
        family.Child.Tell(new Planted());
        family.Run();
        while (family.ChildScript.Instances == before)
        {
            family.Test.Advance(Second);
        }

        return (family.Test.Time.GetUtcNow() - start).TotalSeconds;
    }
}
