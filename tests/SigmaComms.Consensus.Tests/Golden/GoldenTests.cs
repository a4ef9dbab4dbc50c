using System.Runtime.CompilerServices;
using System.Text;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Tests.KeyDirectory;
using SigmaComms.Consensus.Tests.Membership;
using SigmaComms.Consensus.Tests.Proofs;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Tests.Golden;

/// <summary>
/// The bytes of docs/formats: commands, ledger, ledger-proofs, membership, vault-commands, key-directory. The golden
/// file was made by another program from those texts.
/// </summary>
public sealed class GoldenTests
{
    private static readonly Dictionary<string, string> Golden = Load();
    private static readonly byte[] Key = [.. Enumerable.Range(0, 1_952).Select(i => (byte)(i * 7 % 256))];
    private static readonly byte[] Signature = [.. Enumerable.Range(0, 3_309).Select(i => (byte)(i % 251))];
    private static readonly Digest Cluster = Of("cluster");
    private static readonly Digest Salt = Of("salt");
    private static readonly NodeId Signer = NodeId.Of(Key);
    private static readonly Digest VaultId = VaultCommand.IdOf(Signer, Salt);

    [Fact]
    public void Lists_and_maps_have_the_golden_roots_and_proofs()
    {
        MountainRange range = Enumerable.Range(0, 5).Aggregate(
            MountainRange.Empty, (grown, i) => grown.Append(Encoding.ASCII.GetBytes($"entry {i}")));
        MerkleMap<TextValue> map = Enumerable.Range(0, 6).Aggregate(
            MerkleMap<TextValue>.Empty, (m, i) => m.Set(Digest.Sha256([(byte)i]), new TextValue($"value{(char)i}")));

        Same("list.root", range.Root);
        Same("list.inclusion-3", range.Prove(3)!.WriteTo);
        Same("map.root", map.Root);
        Same("map.proof-2", map.Prove(Digest.Sha256([2])).WriteTo);
        Same("map.proof-absent", map.Prove(Of("absent")).WriteTo);
    }

    [Fact]
    public void Commands_have_the_golden_bytes_and_roots()
    {
        CommandBody body = Body();

        Same("commands.signed", body.Groups[0].Signed.Span);
        Same("commands.group-digest", body.Groups[0].Digest);
        Same("commands.body-hash", Digest.Sha256(body.Encoded.Span));
        Same("commands.root", body.Root);
        Same("commands.context", CommandGroup.SignatureContext(Cluster));
    }

    [Fact]
    public void A_ledger_with_a_vault_has_the_golden_root_and_snapshot()
    {
        ValidatorSet validators = new(
            new Epoch(1), [new(NodeId.Of([2]), 2, new byte[] { 2 }), new(NodeId.Of([1]), 1, new byte[] { 1 })]);
        IMachine[] machines = [new VaultCommandsMachine(new VaultLimits())];
        Execution execution = Ledger.Genesis(Cluster, machines, validators)
            .Execute(new Epoch(1), new Height(1), 1_000, Body().Groups);
        var state = (VaultCommandsState)execution.Ledger.StateOf(MachineIds.VaultCommands)!;

        Same("vault.append", Body().Groups[0].Commands[1].Payload.Span);
        Same("vault.reply", execution.Results[1].Reply.Span);
        Same("vault.summary", writer => state.Find(VaultId)!.Summary.WriteTo(writer));
        Same("vault.root", state.Root);
        Same("vault.snapshot", state.WriteSnapshot);
        Same("ledger.opening", execution.Ledger.Open().WriteTo);
        Same("ledger.root", execution.Ledger.Root);
        Same("ledger.snapshot", execution.Ledger.WriteSnapshot);
    }

    [Fact]
    public void A_directory_has_the_golden_root_proof_and_snapshot()
    {
        IMachineState state = new KeyDirectoryMachine(new PlainJudge(), new DirectoryLimits()).Genesis;
        CommandContext context = new(new Epoch(1), new Height(7), 1, default, default, 1);
        foreach ((string name, int account, int version) in new[] { ("alice", 1, 1), ("bob", 2, 1), ("alice", 1, 2) })
        {
            byte[] payload = KeyDirectoryState.EncodePublish(PlainJudge.Record(name, account, version));
            state = state.Apply(context, payload).State;
        }

        var directory = (KeyDirectoryState)state;
        Same("directory.opening", writer => directory.Index.Opening.WriteTo(writer));
        Same("directory.root", directory.Root);
        Same("directory.proof-alice", directory.Prove("alice").WriteTo);
        Same("directory.snapshot", directory.WriteSnapshot);
    }

    [Fact]
    public void A_membership_has_the_golden_root_and_bytes()
    {
        byte[] nodeKey = [.. Enumerable.Range(0, 1_952).Select(i => (byte)(i * 3 % 256))];
        byte[] votingKey = [.. Enumerable.Range(0, 1_952).Select(i => (byte)(i * 5 % 256))];
        NodePlace place = new(NodeRoles.Validator | NodeRoles.Storage, "zone-a", 100);
        VotingKeyClaim claim = VotingKeyClaim.Assemble(1, votingKey, Signature);
        NodeRequest request = NodeRequest.Assemble(
            NodeRequest.EncodeSigned(nodeKey, place, ["host:7000"], claim), Signature);
        MembershipMachine machine = new(
            Cluster, new Epoch(1), [request], [], FakeSignatures.Instance, new NamingJudge());
        WireWriter snapshot = new();
        machine.Genesis.WriteSnapshot(snapshot);

        Same("membership.request-hash", Digest.Sha256(request.Encoded.Span));
        Same("membership.possession", VotingKeyClaim.EncodeSigned(request.Node, 1));
        Same("membership.snapshot-hash", Digest.Sha256(snapshot.Written));
        Same("membership.root", machine.Genesis.Root);
        Same(
            "membership.support-evict",
            new MembershipCommand.Support(new MembershipChange.Evict(request.Node)).Encode());
        Same("membership.change-operators", new MembershipChange.SetOperators([request.Node]).ComputeDigest());
        Same("membership.change-admit", new MembershipChange.Admit(request).ComputeDigest());
    }

    private static CommandBody Body()
    {
        VaultCommand[] commands =
        [
            VaultCommand.Create(Salt),
            VaultCommand.Append(VaultId, 1, Encoding.ASCII.GetBytes("hello")),
            VaultCommand.AddWriter(VaultId, new NodeId(Of("writer"))),
        ];
        byte[] signed = CommandGroup.EncodeSigned(77, [.. commands.Select((command, i) => new Command(
            Of("client"), (ulong)i + 1, MachineIds.VaultCommands, command.Encode()))]);
        return CommandBody.Of([CommandGroup.Assemble(Key, signed, Signature)]);
    }

    private static Digest Of(string text) => Digest.Sha256(Encoding.ASCII.GetBytes(text));

    private static void Same(string name, Action<WireWriter> write)
    {
        WireWriter writer = new();
        write(writer);
        Same(name, writer.Written);
    }

    private static void Same(string name, Digest digest) => Same(name, digest.ToArray());

    private static void Same(string name, ReadOnlySpan<byte> bytes) =>
        Assert.Equal(Golden[name], Convert.ToHexStringLower(bytes));

    private static Dictionary<string, string> Load([CallerFilePath] string source = "") =>
        File.ReadAllLines(Path.Combine(Path.GetDirectoryName(source)!, "state-machines.txt"))
            .Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => parts[1]);
}
