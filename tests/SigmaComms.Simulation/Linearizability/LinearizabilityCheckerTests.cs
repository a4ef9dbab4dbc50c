using SigmaComms.Simulation.Registers;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Linearizability;

public sealed class LinearizabilityCheckerTests
{
    private static readonly RegisterOperation Read = new(RegisterAction.Read, 0, 0);

    [Fact]
    public void One_after_the_other_is_linearizable_if_each_sees_what_the_one_before_left() =>
        Assert.Equal(Verdict.Linearizable, Check(Did(0, Write(1), 0, 1, 0), Did(1, Read, 2, 3, 1)));

    [Fact]
    public void A_read_that_begins_after_a_write_returned_must_see_it() =>
        Assert.Equal(Verdict.NotLinearizable, Check(Did(0, Write(1), 0, 1, 0), Did(1, Read, 2, 3, 0)));

    [Fact]
    public void A_read_beside_a_write_may_see_it_or_not()
    {
        Assert.Equal(Verdict.Linearizable, Check(Did(0, Write(1), 0, 10, 0), Did(1, Read, 2, 3, 0)));
        Assert.Equal(Verdict.Linearizable, Check(Did(0, Write(1), 0, 10, 0), Did(1, Read, 2, 3, 1)));
    }

    [Fact]
    public void Two_reads_beside_a_write_do_not_see_it_and_then_not() =>
        Assert.Equal(Verdict.NotLinearizable, Check(
            Did(0, Write(1), 0, 10, 0), Did(1, Read, 1, 2, 1), Did(2, Read, 3, 4, 0)));

    [Fact]
    public void What_was_never_answered_may_have_happened_late_or_never()
    {
        Operation<RegisterOperation, ulong> lost = new(0, Write(7), 0, 0, null);

        Assert.Equal(Verdict.Linearizable, Check(lost, Did(1, Read, 5, 6, 0), Did(1, Read, 7, 8, 7)));
        Assert.Equal(Verdict.Linearizable, Check(lost, Did(1, Read, 5, 6, 0), Did(1, Read, 7, 8, 0)));
        Assert.Equal(Verdict.NotLinearizable, Check(lost, Did(1, Read, 5, 6, 7), Did(1, Read, 7, 8, 0)));
    }

    [Fact]
    public void An_addition_that_happens_twice_is_seen()
    {
        RegisterOperation add = new(RegisterAction.Add, 0, 5);

        Assert.Equal(Verdict.NotLinearizable, Check(Did(0, add, 0, 1, 5), Did(1, add, 2, 3, 15)));
        Assert.Equal(Verdict.NotLinearizable, Check(Did(0, add, 0, 9, 5), Did(1, add, 1, 8, 5)));
        Assert.Equal(Verdict.Linearizable, Check(Did(0, add, 0, 9, 10), Did(1, add, 1, 8, 5)));
    }

    [Fact]
    public void A_compare_and_set_that_succeeds_twice_on_one_value_is_seen()
    {
        RegisterOperation first = new(RegisterAction.CompareAndSet, 0, 1, 0);
        RegisterOperation second = new(RegisterAction.CompareAndSet, 0, 2, 0);

        Assert.Equal(Verdict.NotLinearizable, Check(Did(0, first, 0, 9, 1), Did(1, second, 1, 8, 1)));
        Assert.Equal(Verdict.Linearizable, Check(Did(0, first, 0, 9, 1), Did(1, second, 1, 8, 0)));
    }

    // The first six operations of Herlihy and Wing's queue that cannot be put in order one by one from the left.
    [Fact]
    public void The_search_goes_back_where_the_first_way_ends() =>
        Assert.Equal(Verdict.Linearizable, Check(
            Did(0, Write(1), 0, 20, 0), Did(1, Write(2), 1, 21, 0), Did(2, Write(3), 2, 22, 0),
            Did(3, Read, 23, 24, 1), Did(3, Read, 25, 26, 1)));

    [Fact]
    public void A_machine_that_does_one_thing_at_a_time_is_never_accused_and_one_changed_answer_nearly_always()
    {
        int found = 0;
        for (ulong seed = 1; seed <= 200; seed++)
        {
            List<Operation<RegisterOperation, ulong>> history = Play(new SimRandom(seed));
            Assert.True(Check([.. history]) == Verdict.Linearizable, $"seed {seed}");

            int changed = history.FindIndex(operation => operation.Input.Action == RegisterAction.Add);
            if (changed >= 0)
            {
                history[changed] = history[changed] with { Output = history[changed].Output + 1_000 };
                found += Check([.. history]) == Verdict.NotLinearizable ? 1 : 0;
            }
        }

        Assert.True(found > 150, $"found {found}");
    }

    [Fact]
    public void A_search_that_is_given_up_says_so()
    {
        LinearizabilityChecker<ulong, RegisterOperation, ulong> checker = new(
            0, (before, operation) => operation.Apply(before), stepsMax: 3);

        Assert.Equal(Verdict.Unknown, checker.Check([
            Did(0, Write(1), 0, 9, 0), Did(1, Write(2), 0, 9, 0), Did(2, Write(3), 0, 9, 0), Did(3, Read, 10, 11, 1)]));
    }

    [Fact]
    public void What_was_never_answered_and_would_change_nothing_does_not_lengthen_the_search()
    {
        RegisterOperation late = new(RegisterAction.CompareAndSet, 0, 5, 99);
        Operation<RegisterOperation, ulong>[] lost =
        [
            .. Enumerable.Range(2, 40)
                .Select(client => new Operation<RegisterOperation, ulong>(client, late, 0, 0, null)),
        ];
        LinearizabilityChecker<ulong, RegisterOperation, ulong> checker = new(
            0, (before, operation) => operation.Apply(before), stepsMax: 1_000);

        Assert.Equal(
            Verdict.NotLinearizable, checker.Check([.. lost, Did(0, Write(1), 0, 1, 0), Did(1, Read, 2, 3, 0)]));
        Assert.Equal(
            Verdict.Linearizable, checker.Check([.. lost, Did(0, Write(1), 0, 1, 0), Did(1, Read, 2, 3, 1)]));
    }

    private static RegisterOperation Write(ulong value) => new(RegisterAction.Write, 0, value);

    private static Operation<RegisterOperation, ulong> Did(
        int client, RegisterOperation operation, long invoked, long returned, ulong output) =>
        new(client, operation, invoked, output, returned);

    private static Verdict Check(params Operation<RegisterOperation, ulong>[] history) =>
        new LinearizabilityChecker<ulong, RegisterOperation, ulong>(
            0, (before, operation) => operation.Apply(before)).Check(history);

    // Every operation takes effect somewhere between its call and its return.
    private static List<Operation<RegisterOperation, ulong>> Play(SimRandom random)
    {
        List<(long Point, int Client, RegisterOperation Input, long Invoked, long Returned)> drawn = [];
        for (int client = 0; client < 4; client++)
        {
            long at = 0;
            for (int i = 0; i < 8; i++)
            {
                long invoked = at + random.Between(1, 10);
                long returned = invoked + random.Between(2, 40);
                var action = (RegisterAction)random.Between(1, 4);
                RegisterOperation input = new(
                    action, 0, (ulong)random.Between(1, 4), (ulong)random.Between(0, 4));
                drawn.Add((random.Between((int)invoked, (int)returned), client, input, invoked, returned));
                at = returned;
            }
        }

        ulong state = 0;
        List<Operation<RegisterOperation, ulong>> history = [];
        foreach ((_, int client, RegisterOperation input, long invoked, long returned) in drawn.OrderBy(d => d.Point))
        {
            (state, ulong reply) = input.Apply(state);
            history.Add(new Operation<RegisterOperation, ulong>(client, input, invoked, reply, returned));
        }

        return history;
    }
}
