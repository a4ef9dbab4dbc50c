using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Messaging.Tests.Links;

public sealed class NodeAdmissionTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ClusterId Cluster = new(LinkSamples.Id(1));
    private static readonly NodeEndpoint Endpoint = new("127.0.0.1", 7001);

    private readonly MlDsa65SigningKey _operator = new(Enumerable.Repeat((byte)1, 32).ToArray());
    private readonly MlDsa65SigningKey _node = new(Enumerable.Repeat((byte)2, 32).ToArray());

    public void Dispose()
    {
        _operator.Dispose();
        _node.Dispose();
    }

    [Fact]
    public void What_the_operator_signed_is_read_back_and_verifies()
    {
        NodeAdmission signed = Sign();

        bool ok = NodeAdmission.TryDecode(signed.Encoded, out NodeAdmission? read);

        Assert.True(ok);
        Assert.Equal(_node.Id, read!.Node);
        Assert.Equal("n1", read.Name);
        Assert.Equal(Endpoint, Assert.Single(read.Endpoints));
        Assert.Equal(NodeRoles.Storage, read.Roles);
        Assert.Equal(Now.AddDays(1), read.NotAfter);
        Assert.Equal(AdmissionVerdict.Valid, read.Verify(_operator.PublicKey.Span, Cluster, Now));
    }

    [Fact]
    public void An_admission_is_refused_for_each_reason()
    {
        NodeAdmission signed = Sign();

        Assert.Equal(
            AdmissionVerdict.WrongCluster,
            signed.Verify(_operator.PublicKey.Span, new ClusterId(LinkSamples.Id(2)), Now));
        Assert.Equal(AdmissionVerdict.BadSignature, signed.Verify(_node.PublicKey.Span, Cluster, Now));
        Assert.Equal(AdmissionVerdict.Valid, signed.Verify(_operator.PublicKey.Span, Cluster, Now.AddDays(1)));
        Assert.Equal(
            AdmissionVerdict.Expired,
            signed.Verify(_operator.PublicKey.Span, Cluster, Now.AddDays(1).AddSeconds(1)));
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_found()
    {
        byte[] encoded = Sign().Encoded.ToArray();

        for (int i = 0; i < encoded.Length; i += 7)
        {
            byte[] flipped = [.. encoded];
            flipped[i] ^= 1;

            Assert.False(
                NodeAdmission.TryDecode(flipped, out NodeAdmission? read)
                && read!.Verify(_operator.PublicKey.Span, Cluster, Now) == AdmissionVerdict.Valid);
        }
    }

    [Fact]
    public void A_cut_or_longer_admission_is_not_read()
    {
        byte[] encoded = Sign().Encoded.ToArray();

        for (int length = 0; length < encoded.Length; length++)
        {
            Assert.False(NodeAdmission.TryDecode(encoded.AsMemory(0, length), out _));
        }

        Assert.False(NodeAdmission.TryDecode((byte[])[.. encoded, 0], out _));
    }

    [Fact]
    public void A_name_over_the_limit_is_the_callers_bug() =>
        Assert.Throws<ArgumentException>(() => NodeAdmission.Sign(
            _operator, Cluster, _node.PublicKey, new string('n', 65), [], NodeRoles.None, Now, SystemRandom.Instance));

    [Fact]
    public void An_announcement_is_read_back_and_verifies_only_with_its_nodes_key()
    {
        NodeAnnouncement signed = NodeAnnouncement.Sign(_node, Cluster, 7, [Endpoint], Now, SystemRandom.Instance);

        bool ok = NodeAnnouncement.TryDecode(signed.Encoded, out NodeAnnouncement? read);

        Assert.True(ok);
        Assert.Equal((_node.Id, 7UL, Now), (read!.Node, read.Incarnation, read.SignedAt));
        Assert.True(read.Verify(_node.PublicKey.Span));
        Assert.False(read.Verify(_operator.PublicKey.Span));
    }

    [Fact]
    public void A_changed_announcement_does_not_verify()
    {
        byte[] encoded = NodeAnnouncement
            .Sign(_node, Cluster, 7, [Endpoint], Now, SystemRandom.Instance).Encoded.ToArray();

        for (int i = 0; i < encoded.Length; i += 11)
        {
            byte[] flipped = [.. encoded];
            flipped[i] ^= 0x10;

            Assert.False(
                NodeAnnouncement.TryDecode(flipped, out NodeAnnouncement? read)
                && read!.Verify(_node.PublicKey.Span));
        }
    }

    [Fact]
    public void An_announcement_without_an_endpoint_is_the_callers_bug() =>
        Assert.Throws<ArgumentException>(() =>
            NodeAnnouncement.Sign(_node, Cluster, 7, [], Now, SystemRandom.Instance));

    private NodeAdmission Sign() => NodeAdmission.Sign(
        _operator,
        Cluster,
        _node.PublicKey,
        "n1",
        [Endpoint],
        NodeRoles.Storage,
        Now.AddDays(1),
        SystemRandom.Instance);
}
