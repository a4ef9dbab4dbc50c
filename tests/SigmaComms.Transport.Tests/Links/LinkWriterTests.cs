using System.IO.Pipelines;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Transport.Tests.Links;

public sealed class LinkWriterTests
{
    [Fact]
    public async Task A_peer_that_closes_the_old_connection_upon_the_last_word_does_not_end_the_link()
    {
        var options = new LinkOptions();
        var writer = new LinkWriter(options, new IncomingRequests(1));
        var old = new PipePair();
        var next = new PipePair();
        var move = new LinkMove(new LinkTransport(next.Left), isDialler: false);
        await old.Right.Input.CompleteAsync();
        writer.TrySend(new OutgoingFrame(new Moved(), FrameKind.Push, 0, Move: move));
        writer.TrySend(new OutgoingFrame(new Replaced(), FrameKind.Push, 0));
        writer.Complete(lastWord: null);

        LinkClosed end = await writer.RunAsync(old.Left.Output, CancellationToken.None);
        LinkFrame frame = await LinkPair.ReadFrameAsync(next.Right.Input);

        Assert.False(end.ByPeer);
        Assert.True(move.Written.IsCompletedSuccessfully);
        Assert.IsType<Replaced>(frame.Message);
    }

    [Fact]
    public async Task The_last_word_goes_to_the_old_connection_and_what_follows_to_the_next()
    {
        var options = new LinkOptions();
        var writer = new LinkWriter(options, new IncomingRequests(1));
        var old = new PipePair();
        var next = new PipePair();
        var move = new LinkMove(new LinkTransport(next.Left), isDialler: true);
        writer.TrySend(new OutgoingFrame(new Replaced(), FrameKind.Push, 0));
        writer.TrySend(new OutgoingFrame(new Moved(), FrameKind.Push, 0, Move: move));
        writer.TrySend(new OutgoingFrame(new Ping(), FrameKind.Request, 7));
        writer.Complete(lastWord: null);

        await writer.RunAsync(old.Left.Output, CancellationToken.None);
        LinkFrame first = await LinkPair.ReadFrameAsync(old.Right.Input);
        LinkFrame last = await LinkPair.ReadFrameAsync(old.Right.Input);
        bool isMore = old.Right.Input.TryRead(out ReadResult _);
        LinkFrame after = await LinkPair.ReadFrameAsync(next.Right.Input);

        Assert.IsType<Replaced>(first.Message);
        Assert.IsType<Moved>(last.Message);
        Assert.False(isMore);
        Assert.IsType<Ping>(after.Message);
    }
}
