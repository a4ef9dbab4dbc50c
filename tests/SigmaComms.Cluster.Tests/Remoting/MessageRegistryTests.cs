using SigmaComms.Cluster.Remoting;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Remoting;

public sealed class MessageRegistryTests
{
    [Fact]
    public void A_number_and_version_that_are_taken_are_refused()
    {
        var registry = new MessageRegistry();
        registry.Register(1, 1, new NoteCodec());

        Assert.Throws<ArgumentException>(() => registry.Register(1, 1, new NoteCodec()));
    }

    [Fact]
    public void A_number_never_belongs_to_a_second_kind_of_message()
    {
        var registry = new MessageRegistry();
        registry.Register(1, 1, new NoteCodec());

        Assert.Throws<ArgumentException>(() => registry.Register(1, 2, new NumberCodec()));
    }

    [Fact]
    public void A_kind_of_message_never_has_a_second_number()
    {
        var registry = new MessageRegistry();
        registry.Register(1, 1, new NoteCodec());

        Assert.Throws<ArgumentException>(() => registry.Register(2, 1, new NoteCodec()));
    }

    [Fact]
    public void Zero_is_neither_a_number_nor_a_version()
    {
        var registry = new MessageRegistry();

        Assert.Throws<ArgumentOutOfRangeException>(() => registry.Register(0, 1, new NoteCodec()));
        Assert.Throws<ArgumentOutOfRangeException>(() => registry.Register(1, 0, new NoteCodec()));
    }

    [Fact]
    public void Nothing_is_registered_once_it_is_in_use()
    {
        var registry = new MessageRegistry();
        registry.Seal();

        Assert.Throws<InvalidOperationException>(() => registry.Register(1, 1, new NoteCodec()));
    }

    [Fact]
    public void The_greatest_version_is_sent_and_every_registered_one_is_read()
    {
        var registry = new MessageRegistry();
        registry.Register(1, 2, new NoteCodec());
        registry.Register(1, 1, new NoteCodec());
        RegisteredMessage newest = registry.Find(new Note("x"))!;
        var writer = new WireWriter();
        newest.Write(new Note("x"), writer, NoPointers.Instance);

        ActorRefusal? old = registry.TryRead(1, 1, writer.Written, NoPointers.Instance, out object? read);

        Assert.Equal(2, newest.Version);
        Assert.Null(old);
        Assert.Equal(new Note("x"), read);
    }

    [Fact]
    public void An_unknown_number_version_or_surplus_byte_each_has_its_refusal()
    {
        var registry = new MessageRegistry();
        registry.Register(2, 1, new NumberCodec());

        Assert.Equal(ActorRefusal.UnknownMessage, registry.TryRead(9, 1, new byte[8], NoPointers.Instance, out _));
        Assert.Equal(ActorRefusal.UnknownVersion, registry.TryRead(2, 9, new byte[8], NoPointers.Instance, out _));
        Assert.Equal(ActorRefusal.Malformed, registry.TryRead(2, 1, new byte[9], NoPointers.Instance, out _));
        Assert.Equal(ActorRefusal.Malformed, registry.TryRead(2, 1, new byte[7], NoPointers.Instance, out _));
    }

    [Fact]
    public void A_message_for_the_disk_holds_no_actor()
    {
        var pair = new RemotePair();
        var codec = new NoteCodec();
        var writer = new WireWriter();

        Assert.Throws<ArgumentException>(
            () => codec.Write(new Note("x", pair.Left.Letters.Ref), writer, NoPointers.Instance));
    }

    [Fact]
    public void Random_bytes_never_throw_past_a_decoder()
    {
        int seed = Environment.TickCount;
        Console.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var pair = new RemotePair();
        pair.RightProbe();
        byte[] bytes = new byte[64];

        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            var item = new ActorItem.Sent(
                (ulong)i,
                (ulong)random.Next(3),
                new ActorPointer((ActorOwner)random.Next(3), (ulong)random.NextInt64()),
                (uint)random.Next(4),
                (byte)random.Next(3),
                bytes.AsMemory(0, random.Next(bytes.Length)));
            ActorItem other = random.Next(5) switch
            {
                0 => new ActorItem.NotTaken((ulong)random.NextInt64(), (ActorRefusal)random.Next(1, 6)),
                1 => new ActorItem.Resolved((ulong)random.NextInt64(), ulong.MaxValue),
                2 => new ActorItem.Step((ulong)random.Next(9), (ActorStep)random.Next(1, 4), (ulong)random.Next(9)),
                3 => new ActorItem.StepsTaken(ulong.MaxValue),
                _ => new ActorItem.Resolve(ulong.MaxValue, "it"),
            };
            pair.Right.Remote.Accept(pair.Left.Id, new ActorBatch(10, 20, [item, other]));
        }

        pair.Run();
        (_, var remote) = pair.RightProbe("still");

        Assert.True(remote.Path.Uid > 0, $"seed {seed}");
    }
}
