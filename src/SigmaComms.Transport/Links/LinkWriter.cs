using System.IO.Pipelines;
using System.Threading.Channels;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>What one link sends: a bounded queue, and the loop that writes it.</summary>
/// <remarks>Safe to call from any thread; one loop.</remarks>
/// <param name="options">The bounds.</param>
/// <param name="requests">The peer's requests, which the answers written here end.</param>
internal sealed class LinkWriter(LinkOptions options, IncomingRequests requests)
{
    /// <summary>Refusals that may wait for a peer that asks above its room and reads no answers: 4,096.</summary>
    public const int RefusalsWaitingMax = 4_096;

    private const int FlushBytes = 64 * 1024;

    private readonly Channel<OutgoingFrame> _queue = Channel.CreateBounded<OutgoingFrame>(
        new BoundedChannelOptions(options.OutgoingMessagesMax) { SingleReader = true });

    private int _refusalsWaiting;

    /// <summary>Sends a frame, unless too much waits or the link ended.</summary>
    public bool TrySend(OutgoingFrame frame) => _queue.Writer.TryWrite(frame);

    /// <summary>Sends a frame; waits for room.</summary>
    /// <exception cref="ChannelClosedException">The link ended.</exception>
    public ValueTask SendAsync(OutgoingFrame frame, CancellationToken ct) => _queue.Writer.WriteAsync(frame, ct);

    /// <summary>Sends a frame; waits for room, and drops it if the link ends.</summary>
    public async Task PostAsync(OutgoingFrame frame)
    {
        try
        {
            await _queue.Writer.WriteAsync(frame, CancellationToken.None);
        }
        catch (ChannelClosedException)
        {
            // The link ended: a request fails through its pending entry, an answer has nobody to read it.
        }
    }

    /// <summary>Answers a request that was not begun, without waiting.</summary>
    /// <returns>False for a peer that asks and asks and reads no answers.</returns>
    public bool TryAnswer(ulong correlation, LinkMessage answer)
    {
        var frame = new OutgoingFrame(answer, FrameKind.Reply, correlation);
        if (_queue.Writer.TryWrite(frame))
        {
            return true;
        }

        if (Interlocked.Increment(ref _refusalsWaiting) > RefusalsWaitingMax)
        {
            return false;
        }

        _ = PostRefusalAsync(frame);
        return true;
    }

    /// <summary>Nothing is taken any more; what waits is still written.</summary>
    /// <param name="lastWord">A push to write last, if there is room.</param>
    public void Complete(LinkMessage? lastWord)
    {
        if (lastWord is not null)
        {
            _queue.Writer.TryWrite(new OutgoingFrame(lastWord, FrameKind.Push, 0));
        }

        _queue.Writer.TryComplete();
    }

    /// <summary>Writes until the queue is complete and empty, or the peer takes nothing any more.</summary>
    /// <param name="output">Where to; when the link moves, where the move says.</param>
    /// <param name="stop">Ends the loop at once.</param>
    /// <returns>Why it ended.</returns>
    public async Task<LinkClosed> RunAsync(PipeWriter output, CancellationToken stop)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stop))
            {
                LinkMove? move = WriteSome(output);
                FlushResult flushed = await FlushAsync(output, stop);
                if (move is not null)
                {
                    // A peer that has read the last word may have closed the old connection already.
                    output = move.Next.Output;
                    move.NoteWritten();
                }
                else if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    return new LinkClosed(null, "the peer closed the link", ByPeer: true);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // As if the queue had been completed.
        }
        catch (TimeoutException)
        {
            return new LinkClosed(RefusalReason.TimedOut, "the peer takes no bytes", ByPeer: false);
        }
        catch (Exception error)
        {
            // The link supervises its loops: whatever the transport threw ends this link only, and its owner finds
            // the error in the reason.
            return new LinkClosed(null, $"the link broke: {error.Message}", ByPeer: true, error);
        }

        return new LinkClosed(null, "this side closed the link", ByPeer: false);
    }

    private async Task PostRefusalAsync(OutgoingFrame frame)
    {
        await PostAsync(frame);
        Interlocked.Decrement(ref _refusalsWaiting);
    }

    private LinkMove? WriteSome(PipeWriter output)
    {
        LinkMove? move = null;
        long unflushed = 0;
        while (move is null && unflushed < FlushBytes && _queue.Reader.TryRead(out OutgoingFrame frame))
        {
            LinkCodec.Write(frame.Message, frame.Kind, frame.Correlation, output);
            (frame.Message as IDisposable)?.Dispose(); // Its rented room is not needed any more.
            if (frame.EndsRequest)
            {
                requests.Answered(); // Before the peer can see the answer and ask again.
            }

            move = frame.Move;
            unflushed = output.CanGetUnflushedBytes ? output.UnflushedBytes : FlushBytes;
        }

        return move;
    }

    private async ValueTask<FlushResult> FlushAsync(PipeWriter output, CancellationToken stop)
    {
        ValueTask<FlushResult> flush = output.FlushAsync(stop);
        return flush.IsCompleted
            ? await flush
            : await flush.AsTask().WaitAsync(options.WriteTimeout, options.Time, stop);
    }
}
