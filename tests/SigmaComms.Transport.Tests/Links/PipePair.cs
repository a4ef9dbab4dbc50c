using System.IO.Pipelines;

namespace SigmaComms.Transport.Tests.Links;

/// <summary>Two ends of a connection in memory.</summary>
internal sealed class PipePair
{
    public PipePair()
    {
        var options = new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024);
        var there = new Pipe(options);
        var back = new Pipe(options);
        Left = new End(back.Reader, there.Writer);
        Right = new End(there.Reader, back.Writer);
    }

    public IDuplexPipe Left { get; }

    public IDuplexPipe Right { get; }

    private sealed record End(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
