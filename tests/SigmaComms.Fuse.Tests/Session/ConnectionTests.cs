using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Protocol;
using SigmaComms.Fuse.Protocol.Wire;
using SigmaComms.Fuse.Tests.Kernel;

namespace SigmaComms.Fuse.Tests.Session;

/// <summary>How requests are served, shown by a scripted kernel.</summary>
public sealed class ConnectionTests
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task An_interrupt_that_overtakes_its_request_is_asked_for_again()
    {
        var files = new ManualFiles();
        await using var harness = new Harness(files);
        await harness.AgreeAsync();

        harness.Device.Send(Interrupt(1001, 1000));
        Reply early = await harness.ReplyAsync(1001);
        harness.Device.Send(Request.Of(FuseOpcode.Read, 1000, 5, Request.Bytes(new ReadIn { Size = 10 })));
        await Eventually.HoldsAsync(() => harness.Gate.Bytes > 0);
        harness.Device.Send(Interrupt(1003, 1000));
        Reply read = await harness.ReplyAsync(1000);

        Assert.Equal(Errno.TryAgain, early.Error);
        Assert.Equal(Errno.Interrupted, read.Error);
        Assert.DoesNotContain(harness.Device.Replies, reply => reply.Unique == 1003);
    }

    [Fact]
    public async Task Readers_stop_at_the_limit_and_the_last_one_still_takes_interrupts()
    {
        var files = new ManualFiles();
        await using var harness = new Harness(files, options => options.InFlightBytesMax = 30L * MiB);
        await harness.AgreeAsync();
        for (ulong i = 0; i < 60; i++)
        {
            harness.Device.Send(Write(100 + i, MiB));
        }

        await Eventually.HoldsAsync(() => harness.Gate.WaitingReaders == 2);
        int taken = harness.Device.Taken;
        long held = harness.Gate.Bytes;
        int answered = await CompleteAllAsync(harness, files, 60);

        // INIT, and what the limit allows for; one more that each reader had in its hand.
        Assert.InRange(taken, 25, 32);
        Assert.InRange(held, 30L * MiB, 32L * MiB);
        Assert.Equal(60, answered);
        Assert.Equal(0, harness.Gate.Bytes);
    }

    [Fact]
    public async Task Between_both_limits_interrupts_arrive()
    {
        var files = new ManualFiles();
        await using var harness = new Harness(files, options => options.InFlightBytesMax = 30L * MiB);
        await harness.AgreeAsync();
        for (ulong i = 0; i < 15; i++)
        {
            harness.Device.Send(Write(100 + i, MiB));
        }

        await Eventually.HoldsAsync(() => harness.Gate.WaitingReaders == 1 && files.Writes.Count == 15);
        harness.Device.Send(Interrupt(1, 107));
        Reply interrupted = await harness.ReplyAsync(107);

        Assert.Equal(Errno.Interrupted, interrupted.Error);
        Assert.Single(harness.Device.Replies, reply => reply.Unique >= 100);
    }

    [Fact]
    public async Task What_waits_at_the_end_is_interrupted_before_the_filesystem_is_told()
    {
        var files = new ManualFiles();
        var harness = new Harness(files);
        await harness.AgreeAsync();
        harness.Device.Send(Write(100, 10));
        await Eventually.HoldsAsync(() => files.Writes.Count == 1 && harness.Gate.Bytes > 0);

        await harness.DisposeAsync();

        Assert.Equal(1, files.Interrupted);
        Assert.True(files.IsDestroyed);
        Assert.Equal(Errno.Interrupted, harness.Device.Replies.Single(reply => reply.Unique == 100).Error);
    }

    [Fact]
    public async Task Exceptions_of_the_filesystem_are_EIO_and_told()
    {
        var files = new ManualFiles { OnLookup = () => throw new InvalidOperationException("at once") };
        await using var harness = new Harness(files);
        await harness.AgreeAsync();

        harness.Device.Send(Request.Of(FuseOpcode.Lookup, 2, 1, Request.Name("a")));
        Reply atOnce = await harness.ReplyAsync(2);
        files.OnLookup = async () =>
        {
            await Task.Yield();
            throw new InvalidOperationException("later");
        };
        harness.Device.Send(Request.Of(FuseOpcode.Lookup, 4, 1, Request.Name("a")));
        Reply later = await harness.ReplyAsync(4);
        harness.Device.Send(Request.Of(FuseOpcode.ReadLink, 6, 1));
        Reply tooMuch = await harness.ReplyAsync(6);

        Assert.Equal(Errno.InputOutput, atOnce.Error);
        Assert.Equal(Errno.InputOutput, later.Error);
        Assert.Equal(Errno.InputOutput, tooMuch.Error);
        Assert.Equal(2, harness.Faults.Count);
    }

    [Fact]
    public async Task Unknown_requests_are_ENOSYS_and_a_second_INIT_is_EIO()
    {
        await using var harness = new Harness(new ManualFiles());
        await harness.AgreeAsync();

        harness.Device.Send(Request.Of(FuseOpcode.Poll, 2, 1, new byte[24]));
        harness.Device.Send(Request.Of((FuseOpcode)4242, 4, 1));
        harness.Device.Send(Request.Of(FuseOpcode.Init, 6, 1, new byte[64]));
        Reply poll = await harness.ReplyAsync(2);
        Reply unknown = await harness.ReplyAsync(4);
        Reply again = await harness.ReplyAsync(6);

        Assert.Equal(Errno.NotImplemented, poll.Error);
        Assert.Equal(Errno.NotImplemented, unknown.Error);
        Assert.Equal(Errno.InputOutput, again.Error);
    }

    [Fact]
    public async Task Forgetting_is_counted_and_not_answered()
    {
        var files = new ManualFiles();
        await using var harness = new Harness(files);
        await harness.AgreeAsync();

        harness.Device.Send(Request.Of(FuseOpcode.Forget, 2, 7, Request.Bytes(new ForgetIn { Lookups = 3 })));
        harness.Device.Send(Request.Of(
            FuseOpcode.BatchForget,
            4,
            0,
            Request.Bytes(new BatchForgetIn { Count = 2 }),
            Request.Bytes(new ForgetOne { Node = 8, Lookups = 1 }),
            Request.Bytes(new ForgetOne { Node = 9, Lookups = 1UL << 40 })));
        harness.Device.Send(Request.Of(
            FuseOpcode.BatchForget, 6, 0, Request.Bytes(new BatchForgetIn { Count = uint.MaxValue })));
        await Eventually.HoldsAsync(() => harness.Dispatcher.Malformed == 1 && files.Forgotten.Count == 3);

        (NodeId Node, ulong Times)[] expected = [(new(7), 3), (new(8), 1), (new(9), 1UL << 40)];
        Assert.Equal(expected, files.Forgotten.OrderBy(f => f.Node.Value));
        Assert.Single(harness.Device.Replies);
    }

    private static byte[] Interrupt(ulong unique, ulong other) =>
        Request.Of(FuseOpcode.Interrupt, unique, 0, Request.Bytes(new InterruptIn { Unique = other }));

    private static byte[] Write(ulong unique, int length) =>
        Request.Of(
            FuseOpcode.Write, unique, 5, Request.Bytes(new WriteIn { Size = (uint)length }), new byte[length]);

    private static async Task<int> CompleteAllAsync(Harness harness, ManualFiles files, int count)
    {
        for (int done = 0; done < count; done++)
        {
            TaskCompletionSource<FuseResult<int>>? write = null;
            await Eventually.HoldsAsync(() => files.Writes.TryDequeue(out write));
            write!.SetResult(MiB);
        }

        await Eventually.HoldsAsync(() => harness.Gate.Bytes == 0);
        return harness.Device.Replies.Count(reply => reply.Unique >= 100 && reply.Error == Errno.None);
    }
}
