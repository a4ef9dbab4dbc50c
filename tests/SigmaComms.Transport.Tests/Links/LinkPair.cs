using System.Buffers;
using System.IO.Pipelines;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Transport.Tests.Links;

/// <summary>Two links that face each other in memory, made when first used, on a clock that the test moves.</summary>
internal sealed class LinkPair : IAsyncDisposable
{
    public static readonly NodeId LeftId = new(Digest.Sha256("left"u8));
    public static readonly NodeId RightId = new(Digest.Sha256("right"u8));

    private LinkConnection? _left;
    private LinkConnection? _right;

    public ManualTime Time { get; } = new();

    public PipePair Pipes { get; } = new();

    public LinkOptions LeftOptions { get; } = new();

    public LinkOptions RightOptions { get; } = new();

    public LinkConnection Left => _left ??= Make(Pipes.Left, RightId, LeftOptions);

    public LinkConnection Right => _right ??= Make(Pipes.Right, LeftId, RightOptions);

    public static byte[] Frame(LinkMessage message, FrameKind kind, ulong correlation)
    {
        var output = new ArrayBufferWriter<byte>();
        LinkCodec.Write(message, kind, correlation, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads one frame where no link does.</summary>
    public static async Task<LinkFrame> ReadFrameAsync(PipeReader reader)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            ReadOnlySequence<byte> rest = result.Buffer;
            FrameStatus status = LinkCodec.TryRead(ref rest, out LinkFrame frame);

            // What lies behind the frame was not looked at: it may be the next one, and nothing more may come.
            reader.AdvanceTo(rest.Start, status == FrameStatus.Read ? rest.Start : rest.End);
            if (status == FrameStatus.Read)
            {
                return frame;
            }

            Assert.Equal(FrameStatus.NeedMore, status);
            Assert.False(result.IsCompleted);
        }
    }

    public void Start()
    {
        Left.Start();
        Right.Start();
    }

    /// <summary>Lets other threads work until something holds, without moving the clock.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(1), "it did not come to this");
            await Task.Yield();
        }
    }

    /// <summary>Lets time pass, second by second, until something holds.</summary>
    public async Task PassAsync(Func<bool> until)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!until())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(1), "it did not come to this");
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _left?.Abort("test ends");
        _right?.Abort("test ends");
        await Task.WhenAll(_left?.Closed ?? Task.CompletedTask, _right?.Closed ?? Task.CompletedTask);
    }

    private LinkConnection Make(IDuplexPipe pipe, NodeId peer, LinkOptions options)
    {
        options.Time = Time;
        return new LinkConnection(pipe, peer, options);
    }
}
