using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Transfer;

public sealed class HostMessageCodecTests
{
    private static readonly Digest Some = Digest.Sha256([1]);

    private static readonly HostMessage[] Samples =
    [
        new HostMessage.ReadAsked(7),
        new HostMessage.ReadSaid(7, new Epoch(2), new View(9), null),
        new HostMessage.ReadSaid(7, new Epoch(2), new View(9), new Certificate(
            BallotKind.Finalize, new Epoch(2), new View(9), Some, [new CertificateVote(1, null, new byte[] { 4 })])),
        new HostMessage.SnapshotHinted(new Height(33)),
        new HostMessage.SnapshotAsked(new Epoch(3)),
        new HostMessage.PartAsked(Some, 5, 524_288),
        new HostMessage.PartFound(Some, 5, 0, new byte[] { 1, 2, 3 }),
    ];

    [Fact]
    public void Every_message_comes_back_and_no_other_length_is_one()
    {
        foreach (HostMessage sample in Samples)
        {
            byte[] bytes = HostMessageCodec.Encode(sample);

            bool isRead = HostMessageCodec.TryDecode(bytes, out HostMessage? read);

            Assert.True(isRead);
            Assert.True(HostMessageCodec.IsHostMessage(bytes));
            Assert.Equal(bytes, HostMessageCodec.Encode(read!));
            Assert.False(HostMessageCodec.TryDecode([.. bytes, 0], out _));
            for (int size = 0; size < bytes.Length; size++)
            {
                Assert.False(HostMessageCodec.TryDecode(bytes.AsSpan(0, size), out _));
            }
        }
    }

    [Fact]
    public void A_question_is_written_as_the_format_says()
    {
        string asked = Convert.ToHexStringLower(HostMessageCodec.Encode(new HostMessage.PartAsked(Some, 5, 9)));
        string said = Convert.ToHexStringLower(
            HostMessageCodec.Encode(new HostMessage.ReadSaid(1, new Epoch(2), new View(3), null)));

        Assert.Equal($"45{Some}000500000009", asked);
        Assert.Equal("4100000000000000010000000000000002000000000000000300", said);
    }

    [Fact]
    public void Random_and_damaged_bytes_never_throw()
    {
        Random random = new(11);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = HostMessageCodec.Encode(Samples[random.Next(Samples.Length)]);
            if (random.Next(2) == 0)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }
            else
            {
                bytes = new byte[random.Next(300)];
                random.NextBytes(bytes);
                bytes = [(byte)(64 + random.Next(8)), .. bytes];
            }

            bool isRead = HostMessageCodec.TryDecode(bytes, out HostMessage? read);

            Assert.True(!isRead || HostMessageCodec.Encode(read!).AsSpan().SequenceEqual(bytes));
        }
    }
}
