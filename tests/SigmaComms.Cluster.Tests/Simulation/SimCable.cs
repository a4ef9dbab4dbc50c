using System.IO.Pipelines;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>One connection between two processes of the simulation.</summary>
internal sealed class SimCable
{
    private readonly Pipe _there = new(Options);
    private readonly Pipe _back = new(Options);

    public SimCable(SimHost dialler, SimHost acceptor, NodeId from, NodeId to)
    {
        Dialler = dialler;
        Acceptor = acceptor;
        From = from;
        To = to;
        Left = new End(_back.Reader, _there.Writer);
        Right = new End(_there.Reader, _back.Writer);
    }

    public SimHost Dialler { get; }

    public SimHost Acceptor { get; }

    public NodeId From { get; }

    public NodeId To { get; }

    public IDuplexPipe Left { get; }

    public IDuplexPipe Right { get; }

    private static PipeOptions Options => new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: 1 << 20,
        resumeWriterThreshold: 1 << 19);

    public void Break()
    {
        _there.Writer.Complete(new IOException("the connection was reset"));
        _back.Writer.Complete(new IOException("the connection was reset"));
    }

    private sealed record End(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
