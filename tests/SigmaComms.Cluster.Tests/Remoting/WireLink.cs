using System.Buffers;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Tests.Remoting;

/// <summary>One direction between two nodes: the bytes of frames, which wait until they are let through.</summary>
internal sealed class WireLink : IRemoteLink
{
    private readonly Queue<byte[]> _frames = new();

    /// <summary>What becomes of a frame: how often it arrives. One by default.</summary>
    public Func<ActorBatch, int> Fate { get; set; } = _ => 1;

    public bool IsBroken { get; set; }

    /// <summary>What the next frame fails with, or null.</summary>
    public Exception? FailsOnce { get; set; }

    /// <summary>Frames stay here while it is held.</summary>
    public bool IsHeld { get; set; }

    public int FramesSent { get; private set; }

    public int LongestFrame { get; private set; }

    public List<Lane> Lanes { get; } = [];

    public ValueTask SendAsync(Lane lane, ActorBatch batch, CancellationToken ct)
    {
        if (IsBroken)
        {
            throw new LinkException(LinkFailure.Dropped, "broken by the test");
        }

        if (FailsOnce is { } failure)
        {
            FailsOnce = null;
            throw failure;
        }

        Lanes.Add(lane);
        var output = new ArrayBufferWriter<byte>();
        LinkCodec.Write(batch, FrameKind.Push, 0, output);
        FramesSent++;
        LongestFrame = Math.Max(LongestFrame, output.WrittenCount);
        int copies = Fate(batch);
        for (int i = 0; i < copies; i++)
        {
            _frames.Enqueue(output.WrittenSpan.ToArray());
        }

        return ValueTask.CompletedTask;
    }

    public bool TryTake(out ActorBatch? batch)
    {
        batch = null;
        if (IsHeld || !_frames.TryDequeue(out byte[]? bytes))
        {
            return false;
        }

        var input = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(FrameStatus.Read, LinkCodec.TryRead(ref input, out LinkFrame frame));
        batch = Assert.IsType<ActorBatch>(frame.Message);
        return true;
    }

    public void Clear() => _frames.Clear();
}
