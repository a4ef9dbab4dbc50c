using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using Xunit.Abstractions;

namespace SigmaComms.Consensus.Tests.KeyDirectory;

public sealed class KeyDirectoryTests(ITestOutputHelper output)
{
    private static readonly KeyDirectoryMachine Machine = new(new PlainJudge(), new DirectoryLimits());

    private KeyDirectoryState _state = (KeyDirectoryState)Machine.Genesis;

    [Fact]
    public void The_newest_record_of_a_name_is_proved_and_no_other_bytes_are()
    {
        Publish("alice", 1, 1);
        Publish("bob", 2, 1);
        Publish("alice", 1, 3);
        byte[] record = PlainJudge.Record("alice", 1, 3);

        DirectoryProof proof = _state.Prove("alice");

        Assert.Equal(record, _state.FindRecord("alice")!.Value.ToArray());
        Assert.True(proof.VerifyPresence("alice", record, _state.Root));
        Assert.Equal(2u, proof.Revisions);
        Assert.False(proof.VerifyPresence("bob", record, _state.Root));
        Assert.False(proof.VerifyPresence("alice", PlainJudge.Record("alice", 1, 1), _state.Root));
        Assert.False(proof.VerifyAbsence("alice", _state.Root));
        Assert.False(proof.VerifyPresence("alice", record, Digest.Sha256([1])));
    }

    [Fact]
    public void That_a_name_has_no_record_is_proved_and_only_while_it_has_none()
    {
        Publish("alice", 1, 1);
        Digest before = _state.Root;
        DirectoryProof proof = _state.Prove("carol");
        Publish("carol", 3, 1);

        Assert.True(proof.VerifyAbsence("carol", before));
        Assert.False(proof.VerifyAbsence("carol", _state.Root));
        Assert.False(proof.VerifyAbsence("alice", before));
        Assert.False(proof.VerifyPresence("carol", [], before));
    }

    [Fact]
    public void A_name_never_changes_hands_and_a_version_never_goes_back()
    {
        Publish("alice", 1, 5);

        DirectoryReply thief = Publish("alice", 2, 6);
        DirectoryReply older = Publish("alice", 1, 4);
        DirectoryReply other = Publish("alice", 1, 5, "other");
        DirectoryReply same = Publish("alice", 1, 5);

        Assert.Equal(
            [DirectoryStatus.NameTaken, DirectoryStatus.Outdated, DirectoryStatus.Outdated, DirectoryStatus.Unchanged],
            new[] { thief, older, other, same }.Select(reply => reply.Status));
        Assert.Equal((5ul, 1ul), (same.Version, same.HistoryCount));
    }

    [Fact]
    public void A_client_sees_that_the_history_only_grew_and_a_rewritten_one_is_found()
    {
        Publish("alice", 1, 1);
        Publish("bob", 2, 1);
        DirectoryOpening kept = _state.Index.Opening;
        KeyDirectoryState honest = _state;
        for (int i = 2; i < 9; i++)
        {
            Publish("alice", 1, i);
        }

        ConsistencyProof proof = _state.Index.ProveConsistency(kept.HistoryCount)!;
        DirectoryOpening newer = _state.Index.Opening;
        _state = (KeyDirectoryState)Machine.Genesis;
        Publish("alice", 1, 1, "forged");
        Publish("bob", 2, 1);
        Publish("bob", 2, 2);

        Assert.True(newer.Continues(kept, proof));
        Assert.True(kept.Continues(kept, honest.Index.ProveConsistency(2)!));
        Assert.False(_state.Index.Opening.Continues(kept, _state.Index.ProveConsistency(2)!));
        Assert.False(newer.Continues(kept, _state.Index.ProveConsistency(2)!));
    }

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public void An_auditor_follows_every_update_to_the_same_root_and_a_snapshot_restores_to_it(ulong seed)
    {
        output.WriteLine($"seed {seed}");
        SeededRandom random = new(seed);
        DirectoryIndex auditor = DirectoryIndex.Empty;
        for (int step = 0; step < 120; step++)
        {
            string name = $"name-{random.Below(20)}";
            KeyDirectoryState before = _state;
            Digest root = before.Root;
            Publish(name, random.Below(3), 1 + random.Below(30));
            Assert.Equal(root, before.Root);
        }

        foreach (DirectoryUpdate update in _state.Updates)
        {
            Assert.False(auditor.TryAppend(update with { Map = default }, out _));
            Assert.True(auditor.TryAppend(update, out DirectoryIndex? next));
            Assert.False(next.TryAppend(update, out _));
            auditor = next;
        }

        WireWriter writer = new();
        _state.WriteSnapshot(writer);
        bool ok = Machine.TryRestore(writer.ToArray(), out IMachineState? restored);

        Assert.Equal(_state.Index.Opening, auditor.Opening);
        Assert.True(ok);
        Assert.Equal(_state.Root, restored!.Root);
        Assert.Equal(_state.KeptBytes, ((KeyDirectoryState)restored).KeptBytes);
        foreach (byte[] bytes in Hostile.BitFlips(writer.ToArray(), 211).Concat(Hostile.Cuts(writer.ToArray(), 97)))
        {
            Assert.True(!Machine.TryRestore(bytes, out IMachineState? other) || other.Root != _state.Root);
        }
    }

    [Fact]
    public void Every_flipped_bit_of_a_proof_makes_it_fail()
    {
        for (int i = 0; i < 9; i++)
        {
            Publish($"name-{i}", i, 1);
        }

        byte[] record = PlainJudge.Record("name-4", 4, 1);
        byte[] presence = Written(_state.Prove("name-4"));
        byte[] absence = Written(_state.Prove("nobody"));

        Assert.True(Shows(presence) && Denies(absence));
        Assert.All(Hostile.BitFlips(presence), bytes => Assert.False(Shows(bytes)));
        Assert.All(Hostile.BitFlips(absence), bytes => Assert.False(Denies(bytes)));
        Assert.All(Hostile.Cuts(presence), bytes => Assert.False(Shows(bytes)));
        Assert.All(Hostile.Cuts(absence), bytes => Assert.False(Denies(bytes)));

        bool Shows(byte[] bytes) => Read(bytes)?.VerifyPresence("name-4", record, _state.Root) == true;
        bool Denies(byte[] bytes) => Read(bytes)?.VerifyAbsence("nobody", _state.Root) == true;
    }

    [Fact]
    public void Limits_hold_and_hostile_payloads_change_nothing()
    {
        KeyDirectoryMachine small = new(
            new PlainJudge(), new DirectoryLimits(NamesMax: 2, RevisionsMax: 2, UpdatesMax: 3, BytesMax: 40));
        _state = (KeyDirectoryState)small.Genesis;
        DirectoryStatus[] statuses =
        [
            Publish("a", 1, 1).Status, Publish("b", 1, 1, new string('x', 40)).Status, Publish("b", 1, 1).Status,
            Publish("c", 1, 1).Status, Publish("a", 1, 2).Status, Publish("a", 1, 3).Status,
            Publish("b", 1, 2).Status,
        ];
        Digest root = _state.Root;
        byte[] payload = KeyDirectoryState.EncodePublish(PlainJudge.Record("d", 1, 1));

        foreach (byte[] bytes in Hostile.Cuts(payload).Concat(Hostile.Noise(payload, 300, new SeededRandom(2))))
        {
            Run(bytes);
        }

        Assert.Equal(
            [
                DirectoryStatus.Published, DirectoryStatus.Full, DirectoryStatus.Published, DirectoryStatus.Full,
                DirectoryStatus.Published, DirectoryStatus.Full, DirectoryStatus.Full,
            ],
            statuses);
        Assert.Equal(root, _state.Root);
        Assert.Equal(DirectoryStatus.Malformed, Publish("a name", 1, 1).Status);
        Assert.Equal(DirectoryStatus.Malformed, Publish(new string('n', 65), 1, 1).Status);
        Assert.Equal(DirectoryStatus.Malformed, Publish("z", 1, 0).Status);
    }

    private static byte[] Written(DirectoryProof proof)
    {
        WireWriter writer = new();
        proof.WriteTo(writer);
        return writer.ToArray();
    }

    private static DirectoryProof? Read(byte[] bytes)
    {
        WireReader reader = new(bytes);
        return DirectoryProof.TryRead(ref reader, out DirectoryProof? proof) && reader.AtEnd ? proof : null;
    }

    private DirectoryReply Publish(string name, int account, int version, string rest = "") =>
        Run(KeyDirectoryState.EncodePublish(PlainJudge.Record(name, account, version, rest)));

    private DirectoryReply Run(byte[] payload)
    {
        CommandContext context = new(new Epoch(1), new Height(7), 1, default, default, 1);
        Applied applied = _state.Apply(context, payload);
        _state = (KeyDirectoryState)applied.State;
        bool ok = DirectoryReply.TryDecode(applied.Reply.Span, out DirectoryReply reply);

        Assert.True(ok);
        return reply;
    }
}
