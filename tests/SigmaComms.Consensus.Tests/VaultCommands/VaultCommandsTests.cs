using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using Xunit.Abstractions;

namespace SigmaComms.Consensus.Tests.VaultCommands;

public sealed class VaultCommandsTests(ITestOutputHelper output)
{
    private static readonly NodeId Owner = NodeId.Of([1]);
    private static readonly NodeId Writer = NodeId.Of([2]);
    private static readonly Digest Salt = Digest.Sha256([3]);
    private static readonly Digest Id = VaultCommand.IdOf(Owner, Salt);

    private static readonly VaultCommandsMachine Machine = new(new VaultLimits(
        VaultsMax: 4, VaultsPerOwnerMax: 2, WritersMax: 3, BytesPerVaultMax: 2_000, BytesMax: 5_000));

    private VaultCommandsState _state = (VaultCommandsState)Machine.Genesis;

    [Fact]
    public void Entries_have_their_order_their_numbers_and_a_chain_over_all_of_them()
    {
        Run(Owner, VaultCommand.Create(Salt));
        Run(Owner, VaultCommand.AddWriter(Id, Writer));

        VaultReply[] replies =
        [
            Run(Owner, VaultCommand.Append(Id, 1, new byte[] { 1 })),
            Run(Writer, VaultCommand.Append(Id, 1, new byte[] { 2 })),
            Run(Owner, VaultCommand.Append(Id, 2, new byte[] { 3 })),
        ];

        VaultStream vault = _state.Find(Id)!;
        IReadOnlyList<VaultEntry> entries = vault.Read(0, 10, 1_000);
        Assert.Equal([1ul, 2, 3], replies.Select(reply => reply.Number));
        Assert.Equal([0ul, 1, 2], entries.Select(entry => entry.Index));
        Assert.Equal([Owner, Writer, Owner], entries.Select(entry => entry.Writer));
        Digest head = entries.Aggregate(VaultEntry.StartOf(Id), (before, entry) => entry.HeadAfter(before));
        Assert.Equal(head, vault.Head);
        Assert.Equal(head, replies[^1].Head);
    }

    [Fact]
    public void A_number_that_is_not_the_next_one_is_refused_with_the_one_expected()
    {
        Run(Owner, VaultCommand.Create(Salt));
        Run(Owner, VaultCommand.Append(Id, 1, new byte[] { 1 }));

        VaultReply again = Run(Owner, VaultCommand.Append(Id, 1, new byte[] { 1 }));
        VaultReply gap = Run(Owner, VaultCommand.Append(Id, 3, new byte[] { 1 }));

        Assert.Equal((VaultStatus.WrongSequence, 2ul), (again.Status, again.Number));
        Assert.Equal((VaultStatus.WrongSequence, 2ul), (gap.Status, gap.Number));
    }

    [Fact]
    public void Only_writers_append_and_only_the_owner_says_who_they_are()
    {
        Run(Owner, VaultCommand.Create(Salt));

        Assert.Equal(VaultStatus.NotAllowed, Run(Writer, VaultCommand.Append(Id, 1, new byte[] { 1 })).Status);
        Assert.Equal(VaultStatus.NotAllowed, Run(Writer, VaultCommand.AddWriter(Id, Writer)).Status);
        Assert.Equal(VaultStatus.NotAllowed, Run(Writer, VaultCommand.Trim(Id, 0)).Status);
        Assert.Equal(VaultStatus.NotAllowed, Run(Owner, VaultCommand.RemoveWriter(Id, Owner)).Status);
        Assert.Equal(VaultStatus.VaultUnknown, Run(Owner, VaultCommand.Append(Salt, 1, new byte[] { 1 })).Status);
    }

    [Fact]
    public void A_writer_that_comes_back_goes_on_where_it_stopped()
    {
        Run(Owner, VaultCommand.Create(Salt));
        Run(Owner, VaultCommand.AddWriter(Id, Writer));
        Run(Writer, VaultCommand.Append(Id, 1, new byte[] { 1 }));
        Run(Owner, VaultCommand.RemoveWriter(Id, Writer));

        VaultReply removed = Run(Writer, VaultCommand.Append(Id, 2, new byte[] { 1 }));
        Run(Owner, VaultCommand.AddWriter(Id, Writer));
        VaultReply replayed = Run(Writer, VaultCommand.Append(Id, 1, new byte[] { 1 }));
        VaultReply next = Run(Writer, VaultCommand.Append(Id, 2, new byte[] { 1 }));

        Assert.Equal(
            (VaultStatus.NotAllowed, VaultStatus.WrongSequence, VaultStatus.Done),
            (removed.Status, replayed.Status, next.Status));
    }

    [Fact]
    public void Nobody_can_take_the_id_of_a_vault_that_another_is_about_to_create()
    {
        Run(Writer, VaultCommand.Create(Salt));

        VaultReply reply = Run(Owner, VaultCommand.Create(Salt));
        VaultReply again = Run(Owner, VaultCommand.Create(Salt));

        Assert.Equal((VaultStatus.Done, VaultStatus.VaultExists), (reply.Status, again.Status));
        Assert.Equal(Owner, _state.Find(Id)!.Owner);
    }

    [Fact]
    public void Limits_hold_and_a_trim_makes_room_without_breaking_the_chain()
    {
        Run(Owner, VaultCommand.Create(Salt));
        Run(Owner, VaultCommand.Append(Id, 1, new byte[900]));
        VaultReply full = Run(Owner, VaultCommand.Append(Id, 2, new byte[900]));
        Digest head = _state.Find(Id)!.Head;
        Run(Owner, VaultCommand.AddWriter(Id, Writer));
        Run(Owner, VaultCommand.AddWriter(Id, NodeId.Of([5])));
        VaultReply writers = Run(Owner, VaultCommand.AddWriter(Id, NodeId.Of([6])));
        VaultReply far = Run(Owner, VaultCommand.Trim(Id, 2));

        VaultReply trimmed = Run(Owner, VaultCommand.Trim(Id, 1));
        VaultReply appended = Run(Owner, VaultCommand.Append(Id, 2, new byte[900]));

        Assert.Equal((VaultStatus.Full, VaultStatus.Full), (full.Status, writers.Status));
        Assert.Equal((VaultStatus.OutOfRange, VaultStatus.Done), (far.Status, trimmed.Status));
        Assert.Equal((head, VaultStatus.Done, 2ul), (trimmed.Head, appended.Status, appended.Number));
        Assert.Equal(head, _state.Find(Id)!.FirstHead);
        Assert.Empty(_state.Find(Id)!.Read(0, 10, 10_000));
        Assert.Single(_state.Find(Id)!.Read(1, 10, 10_000));
    }

    [Fact]
    public void Vaults_are_bounded_per_owner_and_in_all()
    {
        VaultStatus[] own = [.. Enumerable.Range(0, 3).Select(i => Run(Owner, Create(i)).Status)];
        VaultStatus[] others =
        [
            .. Enumerable.Range(0, 3).Select(i => Run(NodeId.Of([(byte)(20 + i)]), Create(i)).Status),
        ];

        Assert.Equal([VaultStatus.Done, VaultStatus.Done, VaultStatus.Full], own);
        Assert.Equal([VaultStatus.Done, VaultStatus.Done, VaultStatus.Full], others);

        static VaultCommand Create(int number) => VaultCommand.Create(Digest.Sha256([(byte)number]));
    }

    [Fact]
    public void Reading_stops_at_the_count_or_the_bytes_asked_for_and_gives_at_least_one()
    {
        Run(Owner, VaultCommand.Create(Salt));
        for (ulong i = 1; i <= 5; i++)
        {
            Run(Owner, VaultCommand.Append(Id, i, new byte[100]));
        }

        VaultStream vault = _state.Find(Id)!;

        Assert.Equal([1ul, 2], vault.Read(1, 2, 10_000).Select(entry => entry.Index));
        Assert.Equal([1ul, 2, 3], vault.Read(1, 10, 300).Select(entry => entry.Index));
        Assert.Equal([4ul], vault.Read(4, 10, 1).Select(entry => entry.Index));
        Assert.Empty(vault.Read(5, 10, 1));
    }

    [Fact]
    public void A_long_vault_is_trimmed_anywhere_and_keeps_its_chain()
    {
        VaultCommandsMachine large = new(new VaultLimits());
        _state = (VaultCommandsState)large.Genesis;
        Run(Owner, VaultCommand.Create(Salt));
        for (ulong i = 1; i <= 300; i++)
        {
            Run(Owner, VaultCommand.Append(Id, i, new byte[] { (byte)(i % 256) }));
        }

        VaultStream whole = _state.Find(Id)!;
        foreach (ulong first in new ulong[] { 1, 63, 64, 65, 128, 191, 256, 299, 300 })
        {
            Run(Owner, VaultCommand.Trim(Id, first));
            VaultStream trimmed = _state.Find(Id)!;
            IReadOnlyList<VaultEntry> kept = trimmed.Read(first, 1_000, 100_000);

            Assert.Equal(whole.Read(first, 1_000, 100_000), kept);
            Assert.Equal(whole.Head, kept.Aggregate(trimmed.FirstHead, (head, entry) => entry.HeadAfter(head)));
            Assert.Equal((300ul, 129L * kept.Count), (trimmed.Count, trimmed.KeptBytes));
            Assert.True(large.TryRestore(Snapshot(), out IMachineState? restored));
            Assert.Equal(_state.Root, restored.Root);
        }

        Assert.Equal(301ul, Run(Owner, VaultCommand.Append(Id, 301, new byte[] { 1 })).Number);
    }

    [Fact]
    public void A_vaults_summary_is_proved_under_the_root_and_no_flipped_bit_is()
    {
        Run(Owner, VaultCommand.Create(Salt));
        Run(Writer, VaultCommand.Create(Salt));
        Run(Owner, VaultCommand.Append(Id, 1, new byte[] { 1 }));
        WireWriter writer = new();
        _state.Find(Id)!.Summary.WriteTo(writer);
        MapProof proof = _state.Prove(Id);

        Assert.True(Holds(writer.ToArray()));
        Assert.All(Hostile.BitFlips(writer.ToArray()), bytes => Assert.False(Holds(bytes)));

        bool Holds(byte[] bytes)
        {
            WireReader reader = new(bytes);
            return VaultSummary.TryRead(ref reader, out VaultSummary? summary)
                && proof.VerifyPresence(Id, summary.ComputeDigest(), _state.Root);
        }
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    public void Random_commands_give_equal_roots_and_snapshots_and_forks_do_not_disturb(ulong seed)
    {
        output.WriteLine($"seed {seed}");
        SeededRandom random = new(seed);
        NodeId[] people = [Owner, Writer, NodeId.Of([9])];
        for (int step = 0; step < 300; step++)
        {
            NodeId person = people[random.Below(3)];
            byte[] payload = RandomCommand(random, people).Encode();
            VaultCommandsState before = _state;
            Digest root = before.Root;
            Run(person, payload);

            Assert.Equal(root, before.Root);
            Assert.Equal(before.Apply(Context(person), payload).State.Root, _state.Root);
        }

        byte[] snapshot = Snapshot();
        bool ok = Machine.TryRestore(snapshot, out IMachineState? restored);
        Assert.True(ok);
        Assert.Equal(_state.Root, restored!.Root);
        Assert.Equal(_state.KeptBytes, ((VaultCommandsState)restored).KeptBytes);
        foreach (byte[] bytes in Hostile.BitFlips(snapshot, 401).Concat(Hostile.Cuts(snapshot, 101)))
        {
            Assert.True(!Machine.TryRestore(bytes, out IMachineState? other) || other.Root != _state.Root);
        }
    }

    [Fact]
    public void Hostile_payloads_and_replies_are_refused()
    {
        SeededRandom random = new(8);
        byte[][] payloads =
        [
            VaultCommand.Create(Salt).Encode(), VaultCommand.Append(Id, 1, new byte[50]).Encode(),
            VaultCommand.AddWriter(Id, Writer).Encode(), VaultCommand.Trim(Id, 1).Encode(),
        ];

        foreach (byte[] bytes in payloads.SelectMany(p => Hostile.Cuts(p)).Append([]).Append(new byte[99]))
        {
            Assert.Equal(VaultStatus.Malformed, Run(Owner, bytes).Status);
        }

        foreach (byte[] bytes in payloads.SelectMany(p => Hostile.Noise(p, 200, random)))
        {
            Run(Owner, bytes);
        }

        Assert.All(Hostile.Cuts(new VaultReply(VaultStatus.Done, 1, Id).Encode()), cut =>
            Assert.False(VaultReply.TryDecode(cut, out _)));
        Assert.Throws<ArgumentException>(() => VaultCommand.Append(Id, 1, new byte[65_493]).Encode());
        Assert.Equal(65_536, VaultCommand.Append(Id, 1, new byte[VaultCommand.EntrySizeMax]).Encode().Length);
    }

    private static VaultCommand RandomCommand(SeededRandom random, NodeId[] people)
    {
        Digest salt = Digest.Sha256([(byte)random.Below(2)]);
        Digest id = VaultCommand.IdOf(people[random.Below(2)], salt);
        return random.Below(7) switch
        {
            0 => VaultCommand.Create(salt),
            1 => VaultCommand.AddWriter(id, people[random.Below(3)]),
            2 => VaultCommand.RemoveWriter(id, people[random.Below(3)]),
            3 => VaultCommand.Trim(id, (ulong)random.Below(6)),
            _ => VaultCommand.Append(id, (ulong)(1 + random.Below(5)), random.Bytes(1 + random.Below(200))),
        };
    }

    private static CommandContext Context(NodeId signer) =>
        new(new Epoch(1), new Height(1), 1_000, signer, signer.Value, 1);

    private VaultReply Run(NodeId signer, VaultCommand command) => Run(signer, command.Encode());

    private VaultReply Run(NodeId signer, byte[] payload)
    {
        Applied applied = _state.Apply(Context(signer), payload);
        _state = (VaultCommandsState)applied.State;
        bool ok = VaultReply.TryDecode(applied.Reply.Span, out VaultReply reply);

        Assert.True(ok);
        return reply;
    }

    private byte[] Snapshot()
    {
        WireWriter writer = new();
        _state.WriteSnapshot(writer);
        return writer.ToArray();
    }
}
