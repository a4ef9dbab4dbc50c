using System.Buffers.Binary;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Tests.Commands;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using Xunit.Abstractions;

namespace SigmaComms.Consensus.Tests.Ledgers;

public sealed class LedgerTests(ITestOutputHelper output)
{
    private const long Now = 1_000 * TimeSpan.TicksPerSecond;

    private static readonly Digest Cluster = Digest.Sha256([1]);
    private static readonly Digest Client = Digest.Sha256([2]);
    private static readonly IMachine[] Machines = [new TallyMachine(7), new TallyMachine(3)];
    private static readonly ValidatorSet Validators = new(new Epoch(1), [new(NodeId.Of([1]), 1, new byte[] { 1 })]);

    private readonly TestSigner _signer = new(1);

    [Fact]
    public void A_command_runs_once_and_its_repeat_gets_the_first_reply()
    {
        CommandGroup group = _signer.Group(Now, Command(1, 5));

        (Ledger first, IReadOnlyList<CommandResult> executed) = Run(Genesis(), group);
        (Ledger second, IReadOnlyList<CommandResult> repeated) = Run(first, group);

        Assert.Equal((CommandOutcome.Executed, 5ul), Read(executed[0]));
        Assert.Equal((CommandOutcome.Repeated, 5ul), Read(repeated[0]));
        Assert.Equal(first.Root, second.Root);
        Assert.True(first.IsExecuted(Command(1, 5)));
        Assert.False(first.IsExecuted(Command(2, 5)));
        Assert.False(Genesis().IsExecuted(Command(1, 5)));
    }

    [Fact]
    public void A_repeat_inside_one_block_runs_once_too()
    {
        CommandGroup group = _signer.Group(Now, Command(1, 5), Command(1, 5));

        (Ledger after, IReadOnlyList<CommandResult> results) = Run(Genesis(), group, group);

        Assert.Equal(
            [CommandOutcome.Executed, CommandOutcome.Repeated, CommandOutcome.Repeated, CommandOutcome.Repeated],
            results.Select(result => result.Outcome));
        Assert.Equal(5ul, Sum(after));
    }

    [Fact]
    public void A_number_that_was_used_for_another_payload_is_refused_clearly()
    {
        (Ledger first, _) = Run(Genesis(), _signer.Group(Now, Command(1, 5)));

        (Ledger second, IReadOnlyList<CommandResult> results) = Run(first, _signer.Group(Now, Command(1, 6)));

        Assert.Equal(CommandOutcome.SequenceReused, results[0].Outcome);
        Assert.Equal(first.Root, second.Root);
    }

    [Fact]
    public void Only_the_signer_that_opened_a_session_may_use_it()
    {
        (Ledger first, _) = Run(Genesis(), _signer.Group(Now, Command(1, 5)));

        (Ledger second, IReadOnlyList<CommandResult> results) =
            Run(first, new TestSigner(2).Group(Now, Command(2, 6), Command(1, 5)));

        Assert.All(results, result => Assert.Equal(CommandOutcome.NotSessionOwner, result.Outcome));
        Assert.Equal(first.Root, second.Root);
    }

    [Fact]
    public void Numbers_may_come_in_any_order_within_the_window_and_each_runs_once()
    {
        ulong[] order = [64, 1, 63, 2, 64, 40, 2];
        Command[] commands = [.. order.Select(n => Command(n, 1))];

        (Ledger after, _) = Run(Genesis(), _signer.Group(Now, commands));
        (Ledger later, IReadOnlyList<CommandResult> results) =
            Run(after, _signer.Group(Now, Command(100, 1), Command(36, 1), Command(37, 1), Command(40, 1)));

        Assert.Equal(5ul, Sum(after));
        Assert.Equal(
            [CommandOutcome.Executed, CommandOutcome.SequenceTooOld, CommandOutcome.Executed, CommandOutcome.Repeated],
            results.Select(result => result.Outcome));
        Assert.Equal(7ul, Sum(later));
        Assert.True(later.IsExecuted(Command(36, 1)));
    }

    [Fact]
    public void Replies_are_kept_for_sixteen_commands_and_within_four_kibibytes()
    {
        const CommandOutcome forgotten = CommandOutcome.ReplyForgotten;
        Command[] large = [.. Enumerable.Range(1, 4).Select(i => Command((ulong)i, 1, zerosBy16: 100))];
        Command[] small = [.. Enumerable.Range(5, 16).Select(i => Command((ulong)i, 1))];

        (Ledger first, _) = Run(Genesis(), _signer.Group(Now, large));
        (_, IReadOnlyList<CommandResult> results) = Run(first, _signer.Group(Now, large));
        (_, IReadOnlyList<CommandResult> later) = Run(first, _signer.Group(Now, [.. small, .. large]));

        Assert.Equal(
            [forgotten, forgotten, CommandOutcome.Repeated, CommandOutcome.Repeated],
            results.Select(result => result.Outcome));
        Assert.Equal([32, 32, 1_608, 1_608], results.Select(result => result.Reply.Length));
        Assert.All(later.Skip(16), result => Assert.Equal(forgotten, result.Outcome));
    }

    [Fact]
    public void A_machine_that_is_not_there_refuses_without_using_up_the_number()
    {
        (Ledger after, IReadOnlyList<CommandResult> results) =
            Run(Genesis(), _signer.Group(Now, Command(1, 5) with { Machine = 99 }));

        Assert.Equal(CommandOutcome.MachineUnknown, results[0].Outcome);
        Assert.Equal((0, Genesis().Root), (after.SessionCount, after.Root));
    }

    [Fact]
    public void A_signer_ten_minutes_ahead_is_refused_and_told_the_logs_time_and_one_behind_is_served()
    {
        long ahead = Now + (600 * TimeSpan.TicksPerSecond);

        (_, IReadOnlyList<CommandResult> early) = Run(Genesis(), _signer.Group(ahead, Command(1, 5)));
        (_, IReadOnlyList<CommandResult> late) = Run(Genesis(), _signer.Group(1, Command(1, 5)));

        Assert.Equal(CommandOutcome.ClockAhead, early[0].Outcome);
        Assert.Equal(Now, BinaryPrimitives.ReadInt64BigEndian(early[0].Reply.Span));
        Assert.Equal(CommandOutcome.Executed, late[0].Outcome);
    }

    [Fact]
    public void At_the_bound_the_session_longest_unused_is_forgotten_and_none_of_its_commands_runs_again()
    {
        Ledger ledger = Ledger.GenesisBounded(Cluster, Machines, Validators, sessionsMax: 3);
        CommandGroup[] groups =
        [
            .. Enumerable.Range(1, 4).Select(i => _signer.Group(
                At(i), Command(1, (byte)i) with { Client = Digest.Sha256([(byte)i]) })),
        ];
        for (int i = 1; i <= 4; i++)
        {
            ledger = ledger.Execute(new Epoch(1), new Height((ulong)i), At(i), [groups[i - 1]]).Ledger;
        }

        Execution replay = ledger.Execute(new Epoch(1), new Height(5), At(5), groups);
        Execution fresh = ledger.Execute(
            new Epoch(1), new Height(5), At(5), [_signer.Group(At(4), Command(1, 1) with { Client = Cluster })]);

        Assert.Equal(3, ledger.SessionCount);
        Assert.Equal(
            [CommandOutcome.SessionUnknown, CommandOutcome.Repeated, CommandOutcome.Repeated, CommandOutcome.Repeated],
            replay.Results.Select(result => result.Outcome));
        Assert.Equal(10ul, Sum(replay.Ledger));
        Assert.Equal(CommandOutcome.Executed, fresh.Results[0].Outcome);

        static long At(int minute) => Now + (minute * TimeSpan.TicksPerMinute);
    }

    [Fact]
    public void A_session_opens_with_one_of_its_first_64_numbers()
    {
        (_, IReadOnlyList<CommandResult> results) = Run(Genesis(), _signer.Group(Now, Command(65, 5)));

        Assert.Equal(CommandOutcome.SessionUnknown, results[0].Outcome);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Two_instances_agree_a_restored_one_too_and_forks_do_not_disturb(ulong seed)
    {
        output.WriteLine($"seed {seed}");
        SeededRandom random = new(seed);
        TestSigner[] signers = [new(1), new(2), new(3)];
        Epoch epoch = new(1);
        Ledger left = Ledger.GenesisBounded(Cluster, Machines, Validators, sessionsMax: 10);
        Ledger right = Ledger.GenesisBounded(Cluster, [.. Machines.Reverse()], Validators, sessionsMax: 10);
        for (ulong height = 1; height <= 40; height++)
        {
            long time = Now + ((long)height * 20 * TimeSpan.TicksPerSecond);
            CommandGroup[] groups = [.. Enumerable.Range(0, 4).Select(_ => RandomGroup(random, signers, time))];
            Digest before = left.Root;
            left.Execute(epoch, new Height(height), time, [RandomGroup(random, signers, time)]);
            Assert.Equal(before, left.Root);
            (left, IReadOnlyList<CommandResult> first) = left.Execute(epoch, new Height(height), time, groups);
            (right, IReadOnlyList<CommandResult> second) = right.Execute(epoch, new Height(height), time, groups);
            right = height % 5 == 0 ? Restored(right) : right;

            Assert.Equal(left.Root, right.Root);
            Assert.Equal(first.Select(Read), second.Select(Read));
        }

        Assert.True(left.SessionCount is > 3 and <= 10);
    }

    [Fact]
    public void A_snapshot_that_was_touched_is_refused_and_never_throws()
    {
        (Ledger ledger, _) = Run(Genesis(), _signer.Group(Now, Command(1, 5), Command(2, 6)));
        byte[] snapshot = Snapshot(ledger);

        Assert.True(Restores(snapshot));
        Assert.All(Hostile.BitFlips(snapshot), bytes => Assert.False(Restores(bytes)));
        Assert.All(Hostile.Cuts(snapshot), bytes => Assert.False(Restores(bytes)));
        Assert.All(Hostile.Noise(snapshot, 500, new SeededRandom(3)), bytes => Assert.False(Restores(bytes)));

        bool Restores(byte[] bytes) => Ledger.TryRestore(Machines, bytes, ledger.Root, out _);
    }

    [Fact]
    public void The_parts_of_the_root_lead_to_it_and_a_flipped_bit_does_not()
    {
        (Ledger ledger, _) = Run(Genesis(), _signer.Group(Now, Command(1, 5)));
        WireWriter writer = new();
        ledger.Open().WriteTo(writer);
        byte[] bytes = writer.ToArray();

        Assert.True(Leads(bytes));
        Assert.All(Hostile.BitFlips(bytes), flipped => Assert.False(Leads(flipped)));
        Assert.All(Hostile.Cuts(bytes), cut => Assert.False(Leads(cut)));

        bool Leads(byte[] opening)
        {
            WireReader reader = new(opening);
            return StateOpening.TryRead(ref reader, out StateOpening? read) && reader.AtEnd
                && read.Root == ledger.Root && read.TryGetMachine(7, out Digest root)
                && root == ledger.StateOf(7)!.Root;
        }
    }

    private static Ledger Genesis() => Ledger.Genesis(Cluster, Machines, Validators);

    private static Command Command(ulong sequence, byte value, byte zerosBy16 = 0) =>
        new(Client, sequence, 7, new[] { value, zerosBy16 });

    private static Execution Run(Ledger ledger, params CommandGroup[] groups) =>
        ledger.Execute(new Epoch(1), new Height(1), Now, groups);

    private static ulong Sum(Ledger ledger) => ((TallyMachine.State)ledger.StateOf(7)!).Sum;

    private static (CommandOutcome Outcome, ulong Sum) Read(CommandResult result) => (
        result.Outcome,
        result.Reply.Length < 8 ? 0 : BinaryPrimitives.ReadUInt64BigEndian(result.Reply.Span));

    private static CommandGroup RandomGroup(SeededRandom random, TestSigner[] signers, long time)
    {
        Command[] commands = new Command[1 + random.Below(6)];
        for (int i = 0; i < commands.Length; i++)
        {
            Digest client = Digest.Sha256([(byte)random.Below(14)]);
            byte[] payload = [(byte)random.Below(9), (byte)random.Below(60)];
            commands[i] = new Command(client, (ulong)(1 + random.Below(70)), (ushort)(random.Below(5) + 3), payload);
        }

        return signers[random.Below(3)].Group(time - (random.Below(100) * TimeSpan.TicksPerSecond), commands);
    }

    private static Ledger Restored(Ledger ledger)
    {
        byte[] snapshot = Snapshot(ledger);
        bool ok = Ledger.TryRestoreBounded(Machines, snapshot, ledger.Root, 10, out Ledger? restored);

        Assert.True(ok);
        Assert.Equal(snapshot, Snapshot(restored!));
        return restored!;
    }

    private static byte[] Snapshot(Ledger ledger)
    {
        WireWriter writer = new();
        ledger.WriteSnapshot(writer);
        return writer.ToArray();
    }
}
