using SigmaComms.Cluster.Remoting;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Remoting;

/// <summary>Steps between two processes: acknowledged, sent again, taken once and in order.</summary>
public sealed class StepLedgerTests
{
    private readonly StepLedger _here = new();
    private readonly StepLedger _there = new();

    [Fact]
    public void Steps_are_numbered_from_one_without_gap()
    {
        ulong[] numbers = [.. Enumerable.Range(0, 5).Select(_ => _here.Next(ActorStep.Watch, 7).Sequence)];

        Assert.Equal([1UL, 2, 3, 4, 5], numbers);
    }

    [Fact]
    public void What_is_not_acknowledged_stays_in_its_order_with_all_that_it_says()
    {
        ActorItem.Step[] sent = Send(ActorStep.Watch, ActorStep.Unwatch, ActorStep.Ended);

        Assert.Equal(sent, _here.Unacknowledged);
        Assert.Equal([ActorStep.Watch, ActorStep.Unwatch, ActorStep.Ended], _here.Unacknowledged.Select(s => s.What));
    }

    [Fact]
    public void An_acknowledgement_frees_all_up_to_it_and_none_after_it()
    {
        Send(ActorStep.Watch, ActorStep.Watch, ActorStep.Watch);

        _here.Acknowledge(2);

        Assert.Equal([3UL], _here.Unacknowledged.Select(step => step.Sequence));
    }

    [Fact]
    public void An_acknowledgement_that_is_old_or_doubled_frees_nothing()
    {
        Send(ActorStep.Watch, ActorStep.Watch, ActorStep.Watch);
        _here.Acknowledge(2);

        _here.Acknowledge(2);
        _here.Acknowledge(1);
        _here.Acknowledge(0);

        Assert.Single(_here.Unacknowledged);
    }

    [Fact]
    public void An_acknowledgement_of_what_was_never_sent_does_not_disturb_the_numbers_that_follow()
    {
        Send(ActorStep.Watch);

        _here.Acknowledge(ulong.MaxValue);
        ActorItem.Step next = _here.Next(ActorStep.Watch, 8);

        Assert.Equal(2UL, next.Sequence);
        Assert.Equal([next], _here.Unacknowledged);
    }

    [Fact]
    public void A_step_is_taken_once()
    {
        bool[] taken = [_there.TryTake(1), _there.TryTake(1)];

        Assert.Equal([true, false], taken);
        Assert.Equal(1UL, _there.Taken);
    }

    [Fact]
    public void A_step_behind_a_gap_is_not_taken_and_nothing_is_acknowledged_beyond_the_gap()
    {
        _there.TryTake(1);

        bool[] taken = [_there.TryTake(3), _there.TryTake(4)];

        Assert.Equal([false, false], taken);
        Assert.Equal(1UL, _there.Taken);
    }

    [Fact]
    public void Once_the_gap_is_closed_what_comes_again_behind_it_is_taken()
    {
        _there.TryTake(2);

        bool[] taken = [_there.TryTake(1), _there.TryTake(2), _there.TryTake(3)];

        Assert.All(taken, Assert.True);
        Assert.Equal(3UL, _there.Taken);
    }

    [Fact]
    public void Step_zero_and_the_last_number_there_is_are_never_taken()
    {
        bool[] taken = [_there.TryTake(0), _there.TryTake(ulong.MaxValue)];

        Assert.Equal([false, false], taken);
        Assert.Equal(0UL, _there.Taken);
    }

    [Fact]
    public void A_peer_that_acknowledges_nothing_is_overdrawn_at_the_bound_until_it_does()
    {
        for (int i = 0; i < StepLedger.UnacknowledgedMax - 1; i++)
        {
            _here.Next(ActorStep.Watch, 1);
        }

        bool before = _here.IsOverdrawn;
        ulong last = _here.Next(ActorStep.Watch, 1).Sequence;
        bool at = _here.IsOverdrawn;
        _here.Acknowledge(last);

        Assert.False(before);
        Assert.True(at);
        Assert.False(_here.IsOverdrawn);
    }

    [Fact]
    public void Both_directions_are_counted_apart()
    {
        Send(ActorStep.Watch, ActorStep.Watch);

        bool first = _here.TryTake(1);

        Assert.True(first);
        Assert.Equal(3UL, _here.Next(ActorStep.Watch, 1).Sequence);
        Assert.Equal(1UL, _here.Taken);
    }

    [Fact]
    public void For_a_new_process_everything_begins_anew()
    {
        Send(ActorStep.Watch, ActorStep.Watch);
        _here.TryTake(1);

        _here.Clear();

        Assert.Empty(_here.Unacknowledged);
        Assert.Equal(0UL, _here.Taken);
        Assert.Equal(1UL, _here.Next(ActorStep.Watch, 1).Sequence);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(300)]
    public void Over_a_way_that_loses_doubles_and_reorders_every_step_is_taken_once_and_in_order(int seed)
    {
        Random random = new(seed);
        List<ActorItem.Step> way = [];
        List<ulong> taken = [];
        ulong sent = 0;

        while (taken.Count < 200)
        {
            if (sent < 200)
            {
                way.Add(_here.Next(ActorStep.Watch, ++sent));
            }

            way.AddRange(_here.Unacknowledged.Where(_ => random.Next(4) == 0));
            foreach (ActorItem.Step step in way.OrderBy(_ => random.Next()).Where(_ => random.Next(3) > 0).ToArray())
            {
                if (_there.TryTake(step.Sequence))
                {
                    taken.Add(step.Actor);
                }
            }

            way.RemoveAll(_ => random.Next(2) == 0);
            _here.Acknowledge(random.Next(2) == 0 ? _there.Taken : 0);
        }

        Assert.True(taken.SequenceEqual(Enumerable.Range(1, 200).Select(i => (ulong)i)), $"seed {seed}");
    }

    private ActorItem.Step[] Send(params ActorStep[] steps) =>
        [.. steps.Select((what, i) => _here.Next(what, (ulong)i + 1))];
}
