using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Signers;
using SigmaComms.Consensus.Tests.Commands;
using SigmaComms.Consensus.Tests.KeyDirectory;
using SigmaComms.Consensus.Tests.Membership;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Tests.Signers;

/// <summary>Who may command, and that one signer alone fills nothing that others need.</summary>
public sealed class SignerPolicyTests
{
    private const long Start = 1_000 * TimeSpan.TicksPerHour;

    private static readonly TestSigner Boss = new(70);
    private static readonly TestSigner Guest = new(71);
    private static readonly TestSigner Stranger = new(72);
    private static readonly TestNode[] Nodes = [.. Enumerable.Range(1, 4).Select(number => new TestNode(number))];
    private static readonly SignerLimits Limits = new(
        GuestsPerMemberMax: 2, SessionsPerMemberMax: 8, SessionsPerGuestMax: 2, UnitsMax: 12);

    private readonly IMachine[] _machines =
    [
        new MembershipMachine(
            TestNode.Cluster, new Epoch(1), [.. Nodes.Select(node => node.Request())], [Boss.Id],
            FakeSignatures.Instance, new NamingJudge()),
        new KeyDirectoryMachine(new PlainJudge(), new DirectoryLimits()),
        new VaultCommandsMachine(new VaultLimits(BytesPerOwnerMax: 1_000)),
        new SignersMachine(Limits),
    ];

    private Ledger _ledger;
    private ulong _height;
    private long _now = Start;
    private int _sessions;

    public SignerPolicyTests() => _ledger = Ledger.Genesis(
        TestNode.Cluster, _machines, ((IValidatorState)_machines[0].Genesis).Validators);

    private SignersState Signers => (SignersState)_ledger.StateOf(MachineIds.Signers)!;

    [Fact]
    public void Whom_nobody_knows_changes_nothing_however_much_it_sends()
    {
        Digest root = _ledger.Root;

        CommandOutcome[] outcomes = [.. Enumerable.Range(0, 1_000).Select(_ => Run(Stranger.Key, Vault()))];

        Assert.All(outcomes, outcome => Assert.Equal(CommandOutcome.SignerUnknown, outcome));
        Assert.Equal((root, 0), (_ledger.Root, _ledger.SessionCount));
    }

    [Fact]
    public void A_flood_of_sessions_of_one_member_stays_bounded_and_takes_nobody_elses()
    {
        Digest session = Digest.Sha256("kept"u8);
        Command kept = new(session, 1, MachineIds.VaultCommands, Vault());
        long before = _now;
        Execute(Group(Nodes[1].Key, before, kept));

        CommandOutcome[] outcomes = [.. Enumerable.Range(0, 500).Select(_ => Run(Nodes[0].Key, Vault()))];
        CommandResult[] inOneBlock = Execute(Group(
            Nodes[2].Key, _now, [.. Enumerable.Range(0, 100).Select(_ => Fresh(MachineIds.Signers, [9]))]));

        Assert.Equal(8, outcomes.Count(outcome => outcome == CommandOutcome.Executed));
        Assert.Equal(492, outcomes.Count(outcome => outcome == CommandOutcome.SessionsFull));
        Assert.Equal(8, inOneBlock.Count(result => result.Outcome == CommandOutcome.Executed));
        Assert.Equal(17, _ledger.SessionCount);
        Assert.Equal(CommandOutcome.Repeated, Execute(Group(Nodes[1].Key, before, kept))[0].Outcome);
        Assert.Equal(CommandOutcome.Executed, Execute(Group(
            Nodes[3].Key, before, Fresh(MachineIds.Signers, [9])))[0].Outcome);
    }

    [Fact]
    public void A_member_at_its_bound_opens_one_in_place_of_its_own_that_it_has_not_used_for_an_hour()
    {
        for (int i = 0; i < 8; i++)
        {
            Run(Nodes[0].Key, Vault());
        }

        Execute(Group(Nodes[1].Key, _now, Fresh(MachineIds.Signers, [9])));
        CommandOutcome early = Run(Nodes[0].Key, Vault());
        _now += TimeSpan.TicksPerHour + (2 * TimeSpan.TicksPerMinute);
        CommandOutcome late = Run(Nodes[0].Key, Vault());

        Assert.Equal((CommandOutcome.SessionsFull, CommandOutcome.Executed), (early, late));
        Assert.Equal(9, _ledger.SessionCount);
    }

    [Fact]
    public void A_key_commands_while_a_member_vouches_for_it()
    {
        CommandOutcome before = Run(Guest.Key, Vault());
        Run(Nodes[0].Key, MachineIds.Signers, SignersState.EncodeVouch(Guest.Id));
        CommandOutcome[] vouched = [.. Enumerable.Range(0, 3).Select(_ => Run(Guest.Key, Vault()))];
        Run(Nodes[0].Key, MachineIds.Signers, SignersState.EncodeDismiss(Guest.Id));
        CommandOutcome dismissed = Run(Guest.Key, Vault());

        Assert.Equal(CommandOutcome.SignerUnknown, before);
        Assert.Equal([CommandOutcome.Executed, CommandOutcome.Executed, CommandOutcome.SessionsFull], vouched);
        Assert.Equal(CommandOutcome.SignerUnknown, dismissed);
        Assert.Equal(0, Signers.AccountCount);
    }

    [Fact]
    public void With_its_member_a_guest_goes_too_unless_another_one_vouches_for_it()
    {
        Run(Nodes[0].Key, MachineIds.Signers, SignersState.EncodeVouch(Guest.Id));
        Run(Boss.Key, MachineIds.Membership, new MembershipCommand.Support(
            new MembershipChange.Evict(Nodes[0].Id)).Encode());
        CommandOutcome evicted = Run(Nodes[0].Key, Vault());
        CommandOutcome orphaned = Run(Guest.Key, Vault());
        Run(Nodes[1].Key, MachineIds.Signers, SignersState.EncodeVouch(Guest.Id));
        CommandOutcome again = Run(Guest.Key, Vault());

        Assert.Equal(
            [CommandOutcome.SignerUnknown, CommandOutcome.SignerUnknown, CommandOutcome.Executed],
            [evicted, orphaned, again]);
    }

    [Fact]
    public void Only_members_vouch_not_for_themselves_and_not_for_more_keys_than_they_may()
    {
        SignerStatus Vouch(ReadOnlyMemory<byte> signer, NodeId key) =>
            (SignerStatus)Reply(signer, MachineIds.Signers, SignersState.EncodeVouch(key))[0];
        NodeId[] keys = [.. Enumerable.Range(1, 6).Select(i => NodeId.Of([(byte)i]))];

        SignerStatus[] statuses =
        [
            Vouch(Nodes[0].Key, Nodes[0].Id), Vouch(Nodes[0].Key, Guest.Id), Vouch(Nodes[0].Key, Guest.Id),
            Vouch(Nodes[0].Key, keys[0]), Vouch(Nodes[0].Key, keys[1]), Vouch(Guest.Key, keys[2]),
        ];

        Assert.Equal(
            [
                SignerStatus.NotAllowed, SignerStatus.Done, SignerStatus.Done,
                SignerStatus.Done, SignerStatus.Full, SignerStatus.NotAllowed,
            ],
            statuses);
        Assert.Equal(
            (byte)SignerStatus.NotVouched,
            Reply(Nodes[1].Key, MachineIds.Signers, SignersState.EncodeDismiss(Guest.Id))[0]);
    }

    [Fact]
    public void A_member_and_its_guests_fill_their_share_of_the_directory_and_no_more()
    {
        Run(Nodes[0].Key, MachineIds.Signers, SignersState.EncodeVouch(Guest.Id));
        Digest session = Digest.Sha256("names"u8);
        CommandOutcome[] published = [.. Enumerable.Range(1, 40).Select(i => Execute(Group(
            Nodes[0].Key, _now, new Command(session, (ulong)i, MachineIds.KeyDirectory, Name(i))))[0].Outcome)];
        CommandOutcome byGuest = Run(Guest.Key, MachineIds.KeyDirectory, Name(50));
        CommandOutcome vault = Run(Nodes[0].Key, Vault());
        CommandOutcome other = Run(Nodes[1].Key, MachineIds.KeyDirectory, Name(51));

        Assert.Equal(3, published.Count(outcome => outcome == CommandOutcome.Executed));
        Assert.All(published.Skip(3), outcome => Assert.Equal(CommandOutcome.ShareSpent, outcome));
        Assert.Equal(CommandOutcome.ShareSpent, byGuest);
        Assert.Equal((CommandOutcome.Executed, CommandOutcome.Executed), (vault, other));
    }

    [Fact]
    public void A_member_that_has_spent_its_share_blocks_nobody_by_vouching_for_them()
    {
        for (int i = 1; i <= 3; i++)
        {
            Run(Nodes[0].Key, MachineIds.KeyDirectory, Name(i));
        }

        Run(Nodes[0].Key, MachineIds.Signers, SignersState.EncodeVouch(Nodes[1].Id));
        Run(Nodes[0].Key, MachineIds.Signers, SignersState.EncodeVouch(Guest.Id));
        Run(Nodes[1].Key, MachineIds.Signers, SignersState.EncodeVouch(Guest.Id));

        Assert.Equal(CommandOutcome.ShareSpent, Run(Nodes[0].Key, MachineIds.KeyDirectory, Name(4)));
        Assert.Equal(CommandOutcome.Executed, Run(Nodes[1].Key, MachineIds.KeyDirectory, Name(5)));
        Assert.Equal(CommandOutcome.Executed, Run(Guest.Key, MachineIds.KeyDirectory, Name(6)));
    }

    [Fact]
    public void One_owner_fills_its_share_of_all_vaults_and_no_more()
    {
        Digest session = Digest.Sha256("vaults"u8);
        List<VaultStatus> statuses = [];
        for (int i = 1; i <= 4; i++)
        {
            Digest salt = Digest.Sha256([(byte)i]);
            Digest id = VaultCommand.IdOf(Nodes[0].Id, salt);
            CommandResult[] results = Execute(Group(
                Nodes[0].Key, _now,
                new Command(session, (ulong)(2 * i) - 1, MachineIds.VaultCommands, VaultCommand.Create(salt).Encode()),
                new Command(session, (ulong)(2 * i), MachineIds.VaultCommands,
                    VaultCommand.Append(id, 1, new byte[200]).Encode())));
            Assert.True(VaultReply.TryDecode(results[1].Reply.Span, out VaultReply reply));
            statuses.Add(reply.Status);
        }

        Assert.Equal([VaultStatus.Done, VaultStatus.Done, VaultStatus.Done, VaultStatus.Full], statuses);
    }

    [Fact]
    public void A_restored_ledger_judges_signers_alike()
    {
        Run(Nodes[0].Key, MachineIds.Signers, SignersState.EncodeVouch(Guest.Id));
        Run(Guest.Key, MachineIds.KeyDirectory, Name(1));
        for (int i = 0; i < 8; i++)
        {
            Run(Nodes[1].Key, Vault());
        }

        WireWriter writer = new();
        _ledger.WriteSnapshot(writer);
        bool isRead = Ledger.TryRestore(_machines, writer.ToArray(), _ledger.Root, out Ledger? restored);

        Assert.True(isRead);
        _ledger = restored!;
        Assert.Equal(4u, Signers.Find(Nodes[0].Id).Spent);
        Assert.Equal(CommandOutcome.SessionsFull, Run(Nodes[1].Key, Vault()));
        Assert.Equal(CommandOutcome.Executed, Run(Guest.Key, Vault()));
        Assert.Equal(CommandOutcome.SessionsFull, Run(Guest.Key, Vault()));
    }

    [Fact]
    public void Hostile_bytes_are_no_command_and_no_snapshot()
    {
        Run(Nodes[0].Key, MachineIds.Signers, SignersState.EncodeVouch(Guest.Id));
        WireWriter writer = new();
        Signers.WriteSnapshot(writer);
        byte[] snapshot = writer.ToArray();
        byte[] vouch = SignersState.EncodeVouch(Guest.Id);
        var machine = new SignersMachine(Limits);
        var context = new CommandContext(
            new Epoch(1), new Height(1), 1, Nodes[1].Id, default, 1, IsMember: true);
        SignerStatus Status(byte[] payload) =>
            (SignerStatus)Signers.Apply(context, payload).Reply.Span[0];

        Assert.All(Hostile.Cuts(vouch), cut => Assert.Equal(SignerStatus.Malformed, Status(cut)));
        Assert.Equal(SignerStatus.Malformed, Status([.. vouch, 0]));
        Assert.Equal(SignerStatus.Malformed, Status([3, .. vouch[1..]]));
        Assert.All(Hostile.Cuts(snapshot), cut => Assert.False(machine.TryRestore(cut, out _)));
        Assert.All(Hostile.BitFlips(snapshot), flipped => Assert.False(
            machine.TryRestore(flipped, out IMachineState? read) && read.Root == Signers.Root));
    }

    private byte[] Vault() => VaultCommand.Create(Digest.Sha256(BitConverter.GetBytes(_sessions))).Encode();

    private static byte[] Name(int number) =>
        KeyDirectoryState.EncodePublish(PlainJudge.Record($"name{number}", number, 1));

    private Command Fresh(ushort machine, byte[] payload) =>
        new(Digest.Sha256(BitConverter.GetBytes(++_sessions)), 1, machine, payload);

    private CommandOutcome Run(ReadOnlyMemory<byte> key, byte[] vault) => Run(key, MachineIds.VaultCommands, vault);

    private CommandOutcome Run(ReadOnlyMemory<byte> key, ushort machine, byte[] payload) =>
        Execute(Group(key, _now, Fresh(machine, payload)))[0].Outcome;

    private byte[] Reply(ReadOnlyMemory<byte> key, ushort machine, byte[] payload)
    {
        CommandResult result = Execute(Group(key, _now, Fresh(machine, payload)))[0];
        return result.Outcome == CommandOutcome.Executed
            ? result.Reply.ToArray() : throw new InvalidOperationException($"{result.Outcome}");
    }

    private static CommandGroup Group(ReadOnlyMemory<byte> key, long issuedAt, params Command[] commands) =>
        CommandGroup.Assemble(key.Span, CommandGroup.EncodeSigned(issuedAt, commands), new byte[3_309]);

    private CommandResult[] Execute(CommandGroup group)
    {
        _now += TimeSpan.TicksPerMillisecond;
        Execution execution = _ledger.Execute(_ledger.Validators.Epoch, new Height(++_height), _now, [group]);
        _ledger = execution.Ledger;
        return [.. execution.Results];
    }
}
