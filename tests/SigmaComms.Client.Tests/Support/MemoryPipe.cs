using System.IO.Pipelines;

namespace SigmaComms.Client.Tests.Support;

/// <summary>One end of a connection in memory.</summary>
internal sealed class MemoryPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input { get; } = input;

    public PipeWriter Output { get; } = output;

    public static (MemoryPipe Client, MemoryPipe Server) Pair()
    {
        var options = new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19);
        var up = new Pipe(options);
        var down = new Pipe(options);
        return (new MemoryPipe(down.Reader, up.Writer), new MemoryPipe(up.Reader, down.Writer));
    }
}
