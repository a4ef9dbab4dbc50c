using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Consensus.Tests.Replicas.Harness;

/// <summary>Keys and signatures that are not: the core never verifies any.</summary>
internal static class TestKeys
{
    public static Digest Cluster { get; } = Digest.Sha256("test cluster"u8);

    public static NodeId Node(int number) => NodeId.Of([(byte)number, 77]);

    public static Validator Validator(int number, int incarnation = 1) =>
        new(Node(number), (uint)incarnation, new[] { (byte)number, (byte)incarnation });

    public static ValidatorSet Set(ulong epoch, int count) =>
        new(new Epoch(epoch), Enumerable.Range(0, count).Select(number => Validator(number)));

    public static Vote Sign(Ballot ballot, int index, uint incarnation = 1) =>
        new(ballot, (byte)index, incarnation, new[] { (byte)index, (byte)ballot.Kind, (byte)1 });

    /// <summary>A group of one command in a session of its own.</summary>
    public static CommandGroup Group(int number, params byte[] payload)
    {
        Digest client = Digest.Sha256(BitConverter.GetBytes(number));
        byte[] content = payload.Length == 0 ? [1, .. BitConverter.GetBytes(number)] : payload;
        var command = new Command(client, 1, TestMachine.Number, content);
        byte[] key = new byte[MlDsa65.PublicKeySize];
        BitConverter.TryWriteBytes(key, number);
        return CommandGroup.Assemble(
            key, CommandGroup.EncodeSigned(TestCluster.Epoch0, [command]), new byte[MlDsa65.SignatureSize]);
    }
}
