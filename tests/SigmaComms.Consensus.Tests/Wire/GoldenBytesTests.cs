using System.Globalization;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Tests.Replicas.Harness;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Tests.Wire;

/// <summary>The bytes of docs/formats/control-log.md, made by another program from the tables alone.</summary>
public sealed class GoldenBytesTests
{
    private static readonly Epoch Epoch = new(7);
    private static readonly View View = new(3);
    private static readonly IReadOnlyDictionary<string, string> Golden = Read();

    [Fact]
    public void Signed_bytes_of_a_bundle_are_those_of_the_table()
    {
        Ballot bundle = Ballot.Bundle(Epoch, View, One(1), One(2));

        Assert.Equal(Golden["bundle-context"], Hex(bundle.SignatureContext(TestKeys.Cluster)));
        Assert.Equal(Golden["bundle-message"], Hex(bundle.SignedMessage(incarnation: 2)));
    }

    [Fact]
    public void Header_and_its_digest_are_those_of_the_table()
    {
        var header = new BlockHeader(
            Epoch, View, new Height(11), One(1), new View(2), One(2), One(3), One(4), 638_000_000_000_000_005, true);
        var writer = new WireWriter();

        header.WriteTo(writer);

        Assert.Equal(Golden["header"], Hex(writer.Written));
        Assert.Equal(Golden["header-digest"], header.ComputeDigest().ToString());

        BlockHeader closing = header with { IsEpochEnd = false, IsClosing = true };
        var other = new WireWriter();
        closing.WriteTo(other);
        Assert.Equal(Golden["closing-header"], Hex(other.Written));
        Assert.Equal(Golden["closing-header-digest"], closing.ComputeDigest().ToString());
    }

    [Fact]
    public void Messages_are_those_of_the_table()
    {
        var certificate = new Certificate(BallotKind.Notarize, Epoch, View, One(1), [
            new CertificateVote(0, null, new byte[] { 10, 11 }), new CertificateVote(2, One(2), new byte[] { 12 })]);
        var vote = new Vote(Ballot.Finalize(Epoch, View, One(1)), 2, 9, new byte[] { 12 });

        Assert.Equal(Golden["certificates"], Hex(MessageCodec.Encode(new Message.Certificates([certificate]))));
        var nullification = new Certificate(BallotKind.Nullify, Epoch, View, default, [
            new CertificateVote(0, null, new byte[] { 10, 11 }),
            new CertificateVote(2, null, new byte[] { 12 }, new View(1))]);
        Assert.Equal(Golden["nullification"], Hex(MessageCodec.Encode(new Message.Certificates([nullification]))));
        Assert.Equal(Golden["vote"], Hex(MessageCodec.Encode(new Message.VoteCast(vote))));
        Assert.Equal(Golden["status"], Hex(MessageCodec.Encode(
            new Message.Status(Epoch, View, new Height(11), One(1), new View(2), IsAnswer: true))));
    }

    [Fact]
    public void Records_are_those_of_the_table()
    {
        Ballot nullify = Ballot.Nullify(Epoch, View, since: new View(2));

        Assert.Equal(Golden["finalized"], Hex(new WalRecord.Finalized(Epoch, View, One(1)).Encode()));
        Assert.Equal(Golden["own-nullify"], Hex(new WalRecord.OwnBallot(nullify).Encode()));
        Assert.Equal(Golden["nullify-message"], Hex(nullify.SignedMessage(incarnation: 2)));
    }

    [Fact]
    public void The_genesis_names_the_cluster()
    {
        Foundation genesis = new TestCluster(4).Genesis;

        Assert.Equal(Golden["genesis-parent"], genesis.Header.Parent.ToString());
        Assert.Equal(new Epoch(0), genesis.Header.Epoch);
        Assert.True(genesis.Header.IsEpochEnd);
    }

    private static Digest One(byte number) => Digest.Sha256([number]);

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static Dictionary<string, string> Read()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SigmaComms.sln")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        string path = Path.Combine(folder.FullName, "tests", "golden", "control-log", "core.txt");
        return File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' '))
            .ToDictionary(parts => parts[0], parts => parts[1].ToLower(CultureInfo.InvariantCulture));
    }
}
