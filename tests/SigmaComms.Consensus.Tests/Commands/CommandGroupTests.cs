using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;
using Xunit.Abstractions;

namespace SigmaComms.Consensus.Tests.Commands;

public sealed class CommandGroupTests(ITestOutputHelper output)
{
    private static readonly Digest Cluster = Digest.Sha256([1]);
    private static readonly Digest Client = Digest.Sha256([2]);

    [Fact]
    public void A_signed_group_comes_back_as_it_was_and_verifies_for_its_cluster_alone()
    {
        SeededRandom random = new(1);
        using MlDsa65SigningKey key = MlDsa65SigningKey.Generate(random);
        byte[] signed = CommandGroup.EncodeSigned(77, [Command(1, [1, 2, 3]), Command(2, [4])]);
        byte[] signature = key.Sign(signed, CommandGroup.SignatureContext(Cluster), random);
        CommandGroup group = CommandGroup.Assemble(key.PublicKey.Span, signed, signature);

        bool ok = CommandGroup.TryDecode(group.Encoded.ToArray(), out CommandGroup? decoded);

        Assert.True(ok);
        Assert.Equal(group, decoded);
        Assert.Equal((77, key.Id, 2), (decoded!.IssuedAt, decoded.Signer, decoded.Commands.Count));
        Assert.Equal([1, 2, 3], decoded.Commands[0].Payload.ToArray());
        Assert.True(decoded.Verify(Cluster));
        Assert.False(decoded.Verify(Client));
    }

    [Fact]
    public void A_flipped_bit_is_another_group_or_none_and_never_verifies()
    {
        SeededRandom random = new(2);
        using MlDsa65SigningKey key = MlDsa65SigningKey.Generate(random);
        byte[] signed = CommandGroup.EncodeSigned(5, [Command(1, [9])]);
        CommandGroup group = CommandGroup.Assemble(
            key.PublicKey.Span, signed, key.Sign(signed, CommandGroup.SignatureContext(Cluster), random));

        foreach (byte[] bytes in Hostile.BitFlips(group.Encoded.ToArray(), 331))
        {
            bool ok = CommandGroup.TryDecode(bytes, out CommandGroup? other);

            Assert.True(!ok || (other!.Digest != group.Digest && !other.Verify(Cluster)));
        }
    }

    [Fact]
    public void Every_part_changes_the_digest()
    {
        CommandGroup group = new TestSigner(3).Group(1, Command(1, [1]));
        CommandGroup[] others =
        [
            new TestSigner(4).Group(1, Command(1, [1])),
            new TestSigner(3).Group(2, Command(1, [1])),
            new TestSigner(3).Group(1, Command(2, [1])),
            new TestSigner(3).Group(1, Command(1, [2])),
            new TestSigner(3).Group(1, Command(1, [1]) with { Machine = 2 }),
            new TestSigner(3).Group(1, Command(1, [1]) with { Client = Cluster }),
            new TestSigner(3).Group(1, Command(1, [1]), Command(1, [1])),
        ];

        Assert.Equal(others.Length + 1, others.Append(group).Select(g => g.Digest).Distinct().Count());
    }

    [Fact]
    public void Hostile_bytes_are_refused_and_never_throw()
    {
        output.WriteLine("seed 9");
        CommandGroup group = new TestSigner(3).Group(1, Command(1, [1, 2]), Command(2, [3]));
        byte[] body = CommandBody.Of([group]).Encoded.ToArray();
        byte[] bytes = group.Encoded.ToArray();

        Assert.All(Hostile.Cuts(bytes, 7), cut => Assert.False(CommandGroup.TryDecode(cut, out _)));
        Assert.All(Hostile.Cuts(body, 7), cut => Assert.False(CommandBody.TryDecode(cut, out _)));
        Assert.All(Hostile.Noise(body, 500, new SeededRandom(9)), x => Assert.False(CommandBody.TryDecode(x, out _)));
        Assert.All(Hostile.Noise(bytes, 500, new SeededRandom(9)), x => Assert.False(CommandGroup.TryDecode(x, out _)));
    }

    [Fact]
    public void Commands_over_their_limits_are_refused_by_encoder_and_decoder()
    {
        byte[] tooLong = new byte[Consensus.Commands.Command.PayloadSizeMax + 1];
        Command[] tooMany = [.. Enumerable.Range(1, 1_001).Select(i => Command((ulong)i, [1]))];

        Assert.Throws<ArgumentException>(() => CommandGroup.EncodeSigned(1, []));
        Assert.Throws<ArgumentException>(() => CommandGroup.EncodeSigned(1, tooMany));
        Assert.Throws<ArgumentException>(() => CommandGroup.EncodeSigned(1, [Command(1, [])]));
        Assert.Throws<ArgumentException>(() => CommandGroup.EncodeSigned(1, [Command(0, [1])]));
        Assert.Throws<ArgumentException>(() => CommandGroup.EncodeSigned(1, [Command(1, tooLong)]));
        Assert.False(CommandGroup.TryDecode(Forged(sequence: 0, payloadSize: 1), out _));
        Assert.False(CommandGroup.TryDecode(Forged(sequence: 1, payloadSize: 0), out _));
        Assert.False(CommandGroup.TryDecode(Forged(sequence: 1, payloadSize: 65_537), out _));
        Assert.True(CommandGroup.TryDecode(Forged(sequence: 1, payloadSize: 65_536), out _));
    }

    [Fact]
    public void A_body_takes_as_many_groups_as_fit_and_decodes_to_the_same_root()
    {
        TestSigner signer = new(3);
        CommandGroup[] groups =
        [
            .. Enumerable.Range(1, 12).Select(i => signer.Group(1, Command((ulong)i, new byte[60_000]))),
        ];

        CommandBody body = CommandBody.Take(groups);
        bool ok = CommandBody.TryDecode(body.Encoded.ToArray(), out CommandBody? decoded);

        Assert.True(ok);
        Assert.Equal(8, body.Groups.Count);
        Assert.Equal(body.Groups, decoded!.Groups);
        Assert.Equal((body.Root, 8), (decoded.Root, decoded.CommandCount));
        Assert.Throws<ArgumentException>(() => CommandBody.Of(groups));
    }

    [Fact]
    public void A_body_holds_a_thousand_commands_and_not_one_more()
    {
        TestSigner signer = new(3);
        Command[] commands = [.. Enumerable.Range(1, 500).Select(i => Command((ulong)i, [1]))];
        CommandGroup half = signer.Group(1, commands);
        CommandGroup other = signer.Group(2, commands);
        CommandGroup one = signer.Group(3, commands[0]);

        Assert.Equal(2, CommandBody.Take([half, other, one]).Groups.Count);
        Assert.Equal(1_000, CommandBody.Of([half, other]).CommandCount);
        Assert.Throws<ArgumentException>(() => CommandBody.Of([half, other, one]));
    }

    [Fact]
    public void The_empty_body_is_three_bytes()
    {
        bool ok = CommandBody.TryDecode(CommandBody.Empty.Encoded, out CommandBody? decoded);

        Assert.True(ok);
        Assert.Equal([1, 0, 0], decoded!.Encoded.ToArray());
        Assert.Equal(Digest.Sha256([]), decoded.Root);
    }

    [Fact]
    public void A_command_is_proved_in_its_group_and_the_group_in_its_body()
    {
        TestSigner signer = new(3);
        Command[] commands = [.. Enumerable.Range(1, 9).Select(i => Command((ulong)i, [1]))];
        CommandGroup[] groups = [.. Enumerable.Range(1, 5).Select(i => signer.Group(i, commands))];
        CommandBody body = CommandBody.Of(groups);

        Assert.True(body.ProveGroup(3).Verify(groups[3].Digest, body.Root));
        Assert.False(body.ProveGroup(3).Verify(groups[2].Digest, body.Root));
        Assert.Equal((4ul, 9ul), (groups[3].ProveCommand(4).Index, groups[3].ProveCommand(4).Count));
    }

    private static Command Command(ulong sequence, byte[] payload) => new(Client, sequence, 1, payload);

    private static byte[] Forged(ulong sequence, int payloadSize)
    {
        byte[] signed = new Cryptography.Encoding.WireWriter().U64(1).U16(1)
            .Digest(Client).U64(sequence).U16(1).Opaque24(new byte[payloadSize]).ToArray();
        return new Cryptography.Encoding.WireWriter().U8(1).Fixed(new byte[1_952 + 3_309]).Opaque24(signed).ToArray();
    }
}
