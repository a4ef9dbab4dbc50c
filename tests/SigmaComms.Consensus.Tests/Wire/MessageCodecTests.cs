using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Tests.Replicas.Harness;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Tests.Wire;

public sealed class MessageCodecTests
{
    private static readonly Digest One = Digest.Sha256([1]);
    private static readonly Digest Two = Digest.Sha256([2]);
    private static readonly Epoch First = new(1);

    public static TheoryData<int> Every => [.. Enumerable.Range(0, Messages().Count)];

    [Theory]
    [MemberData(nameof(Every))]
    public void A_message_comes_back_as_the_same_bytes(int which)
    {
        byte[] bytes = MessageCodec.Encode(Messages()[which]);

        bool isRead = MessageCodec.TryDecode(bytes, out Message? message);

        Assert.True(isRead);
        Assert.Equal(Messages()[which].GetType(), message!.GetType());
        Assert.Equal(bytes, MessageCodec.Encode(message));
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void A_cut_or_extended_message_is_refused(int which)
    {
        byte[] bytes = MessageCodec.Encode(Messages()[which]);

        for (int size = 0; size < bytes.Length; size += Math.Max(1, bytes.Length / 199))
        {
            Assert.False(MessageCodec.TryDecode(bytes.AsMemory(0, size), out _), $"{size} of {bytes.Length} bytes");
        }

        Assert.False(MessageCodec.TryDecode((byte[])[.. bytes, 0], out _));
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void A_flipped_bit_never_throws_and_what_is_read_has_one_form(int which)
    {
        byte[] bytes = MessageCodec.Encode(Messages()[which]);
        var random = new Random(which);

        for (int i = 0; i < 300; i++)
        {
            byte[] bent = [.. bytes];
            bent[random.Next(bent.Length)] ^= (byte)(1 << random.Next(8));
            if (MessageCodec.TryDecode(bent, out Message? message))
            {
                Assert.Equal(bent, MessageCodec.Encode(message));
            }
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(5);
        byte[] bytes = new byte[400];

        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)random.Next(0, 15);
            bytes[1] = (byte)random.Next(0, 6);
            if (MessageCodec.TryDecode(bytes.AsMemory(0, random.Next(400)), out Message? message))
            {
                Assert.True(Enum.IsDefined((MessageId)bytes[0]), $"{message}");
            }
        }
    }

    [Fact]
    public void A_message_over_the_limit_is_refused()
    {
        Assert.False(MessageCodec.TryDecode(new byte[MessageCodec.SizeMax + 1], out _));
    }

    [Fact]
    public void Votes_out_of_order_or_twice_make_no_certificate()
    {
        CertificateVote first = new(1, null, new byte[] { 1 });
        CertificateVote second = new(2, null, new byte[] { 1 });

        Assert.Throws<ArgumentException>(() => Make(second, first));
        Assert.Throws<ArgumentException>(() => Make(first, first));
        Assert.Throws<ArgumentException>(() => Make());
        Assert.Equal(0b110UL, Make(first, second).Voters);

        static Certificate Make(params CertificateVote[] votes) =>
            new(BallotKind.Notarize, First, new View(3), One, votes);
    }

    [Fact]
    public void A_certificate_gives_back_each_vote_as_it_was_signed()
    {
        ValidatorSet set = TestKeys.Set(1, 4);
        Certificate notarization = new(BallotKind.Notarize, First, new View(3), One, [
            new CertificateVote(0, Two, new byte[] { 1 }), new CertificateVote(2, null, new byte[] { 2 })]);
        Certificate finalization = new(BallotKind.Finalize, First, new View(3), One, [
            new CertificateVote(3, Two, new byte[] { 1 })]);

        Assert.Equal(Ballot.Bundle(First, new View(2), Two, One), notarization.VoteAt(0, set).Ballot);
        Assert.Equal(Ballot.Notarize(First, new View(3), One), notarization.VoteAt(1, set).Ballot);
        Assert.Equal(Ballot.Bundle(First, new View(3), One, Two), finalization.VoteAt(0, set).Ballot);
        Assert.False(notarization.IsQuorumOf(set));
    }

    [Fact]
    public void The_signature_binds_cluster_epoch_kind_view_incarnation_and_blocks()
    {
        Ballot ballot = Ballot.Notarize(First, new View(3), One);
        string signed = Bytes(ballot, 1, TestKeys.Cluster);

        Assert.NotEqual(signed, Bytes(ballot with { Kind = BallotKind.Finalize }, 1, TestKeys.Cluster));
        Assert.NotEqual(signed, Bytes(ballot with { Epoch = new Epoch(2) }, 1, TestKeys.Cluster));
        Assert.NotEqual(signed, Bytes(ballot with { View = new View(4) }, 1, TestKeys.Cluster));
        Assert.NotEqual(signed, Bytes(ballot with { Block = Two }, 1, TestKeys.Cluster));
        Assert.NotEqual(signed, Bytes(ballot, 2, TestKeys.Cluster));
        Assert.NotEqual(signed, Bytes(ballot, 1, One));
        Assert.True(ballot.SignatureContext(One).Length <= 255);

        static string Bytes(Ballot ballot, uint incarnation, Digest cluster) =>
            Convert.ToHexString(ballot.SignatureContext(cluster))
                + Convert.ToHexString(ballot.SignedMessage(incarnation));
    }

    [Fact]
    public void A_header_of_another_body_is_no_block()
    {
        CommandBody body = CommandBody.Of([TestKeys.Group(1)]);

        Assert.True(Block.TryJoin(Header(body), body, out _));
        Assert.False(Block.TryJoin(Header(body), CommandBody.Empty, out _));
    }

    [Fact]
    public void Every_field_of_a_header_changes_its_digest()
    {
        BlockHeader header = Header(CommandBody.Empty);
        BlockHeader[] others =
        [
            header with { Epoch = new Epoch(9) }, header with { View = new View(9) },
            header with { Height = new Height(9) }, header with { Parent = One },
            header with { ParentView = new View(1) },
            header with { CommandsRoot = One }, header with { StateRoot = One }, header with { HistoryRoot = One },
            header with { Timestamp = 9 }, header with { IsEpochEnd = true },
            header with { IsClosing = true },
        ];

        HashSet<Digest> digests = [header.ComputeDigest(), .. others.Select(other => other.ComputeDigest())];

        Assert.Equal(others.Length + 1, digests.Count);
        Assert.Equal(BlockHeader.EncodedSize, Encode(header).Length);

        static byte[] Encode(BlockHeader header)
        {
            var writer = new WireWriter();
            header.WriteTo(writer);
            return writer.ToArray();
        }
    }

    [Fact]
    public void Records_come_back_as_the_same_bytes_and_are_refused_when_cut()
    {
        Certificate certificate = CertificateOf(BallotKind.Nullify);
        WalRecord[] records =
        [
            new WalRecord.OwnBallot(Ballot.Bundle(First, new View(2), One, Two)),
            new WalRecord.CertificateHeld(certificate),
            new WalRecord.BlockHeld(BlockOf(3)),
            new WalRecord.Finalized(First, new View(7), One),
            new WalRecord.EpochStarted(new Epoch(2), Two),
            new WalRecord.SnapshotTaken(new Height(1_024), One, new byte[] { 1, 2, 3 }),
        ];

        foreach (WalRecord record in records)
        {
            byte[] bytes = record.Encode();

            Assert.True(WalRecord.TryDecode(bytes, out WalRecord? read));
            Assert.Equal(record.Type, read.Type);
            Assert.Equal(bytes, read.Encode());
            Assert.False(WalRecord.TryDecode(bytes.AsMemory(0, bytes.Length - 1), out _));
            Assert.False(WalRecord.TryDecode((byte[])[.. bytes, 0], out _));
        }

        Assert.False(WalRecord.TryDecode(ReadOnlyMemory<byte>.Empty, out _));
    }

    [Fact]
    public void Accusations_come_back_and_only_real_contradictions_are_sound()
    {
        ValidatorSet set = TestKeys.Set(1, 4);
        View view = new(3);
        Vote notarize = TestKeys.Sign(Ballot.Notarize(First, view, One), 2);
        Vote other = TestKeys.Sign(Ballot.Bundle(First, new View(2), One, Two), 2);
        Vote nullify = TestKeys.Sign(Ballot.Nullify(First, view), 2);
        Vote finalize = TestKeys.Sign(Ballot.Finalize(First, view, One), 2);
        Vote propose = TestKeys.Sign(Ballot.Propose(First, view, One), 2);
        Vote proposeOther = TestKeys.Sign(Ballot.Propose(First, view, Two), 2);
        BlockHeader header = Header(CommandBody.Empty);
        Vote invalid = TestKeys.Sign(Ballot.Propose(First, header.View, header.ComputeDigest()), 2);
        Accusation[] sound =
        [
            new(Misbehaviour.TwoNotarizations, notarize, other, null),
            new(Misbehaviour.NullifyAndFinalize, nullify, finalize, null),
            new(Misbehaviour.TwoProposals, propose, proposeOther, null),
            new(Misbehaviour.ForeignIncarnation, notarize with { Incarnation = 2 }, null, null),
            new(Misbehaviour.InvalidBlock, invalid, null, header),
        ];
        Accusation[] unsound =
        [
            new(Misbehaviour.TwoNotarizations, notarize, notarize, null),
            new(Misbehaviour.TwoNotarizations, notarize, other with { Voter = 1 }, null),
            new(Misbehaviour.NullifyAndFinalize, nullify, notarize, null),
            new(Misbehaviour.TwoProposals, propose, notarize, null),
            new(Misbehaviour.ForeignIncarnation, notarize, null, null),
            new(Misbehaviour.InvalidBlock, propose, null, header),
        ];

        Assert.All(sound, accusation => Assert.True(accusation.IsSound(set), $"{accusation.Kind}"));
        Assert.All(unsound, accusation => Assert.False(accusation.IsSound(set), $"{accusation.Kind}"));
        Assert.All(sound, accusation =>
        {
            Assert.True(Accusation.TryDecode(accusation.Encode(), out Accusation? read));
            Assert.Equal(accusation.Encode(), read.Encode());
            Assert.False(Accusation.TryDecode([.. accusation.Encode(), 0], out _));
        });
    }

    private static List<Message> Messages() =>
    [
        new Message.Propose(
            TestKeys.Sign(Ballot.Propose(First, BlockOf(2).Header.View, BlockOf(2).Digest), 1), BlockOf(2)),
        new Message.VoteCast(TestKeys.Sign(Ballot.Bundle(First, new View(2), One, Two), 3)),
        new Message.VoteCast(TestKeys.Sign(Ballot.Nullify(First, new View(2)), 3)),
        new Message.Have(BallotKind.Notarize, First, new View(2), One, 7),
        new Message.Pull(BallotKind.Nullify, First, new View(2), default, 6),
        new Message.PullViews(First, new View(2), new View(17)),
        new Message.Certificates([CertificateOf(BallotKind.Notarize), CertificateOf(BallotKind.Nullify)]),
        new Message.PullBlock(First, One),
        new Message.BlockFound(BlockOf(0)),
        new Message.Status(First, new View(4), new Height(2), One, new View(3), true),
        new Message.PullFinal(new Height(7)),
        new Message.FinalBlocks([BlockOf(1)], new FinalityProof(
            CertificateOf(BallotKind.Finalize), [Header(CommandBody.Empty)])),
        new Message.Submit(TestKeys.Group(4)),
        new Message.PullProposal(First, new View(9)),
    ];

    private static Certificate CertificateOf(BallotKind kind) => new(
        kind, First, new View(3), kind == BallotKind.Nullify ? default : One, [
            new CertificateVote(0, null, new byte[] { 1 }),
            new CertificateVote(2, kind == BallotKind.Nullify ? null : Two, new byte[] { 2, 3 }),
        ]);

    private static Block BlockOf(int groups)
    {
        CommandBody body = CommandBody.Of([.. Enumerable.Range(0, groups).Select(number => TestKeys.Group(number))]);
        Assert.True(Block.TryJoin(Header(body), body, out Block? block));
        return block;
    }

    private static BlockHeader Header(CommandBody body) => new(
        First, new View(2), new Height(2), Two, new View(0), body.Root, Two, Two, 5, false);
}
