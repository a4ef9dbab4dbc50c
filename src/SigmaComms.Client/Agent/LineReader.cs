using System.Buffers;
using System.IO.Pipelines;

namespace SigmaComms.Client.Agent;

/// <summary>Reads lines of bounded length from a stream.</summary>
internal sealed class LineReader(Stream stream)
{
    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>The next line without its end.</summary>
    /// <returns>Null at the end of the stream, or where the line is too long.</returns>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            ReadResult result = await _reader.ReadAsync(ct);
            SequencePosition? end = result.Buffer.PositionOf((byte)'\n');
            if (end is not null)
            {
                byte[] line = result.Buffer.Slice(0, end.Value).ToArray();
                _reader.AdvanceTo(result.Buffer.GetPosition(1, end.Value));
                return line.Length <= AgentJson.LineMaxBytes ? line : null;
            }

            _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted || result.Buffer.Length > AgentJson.LineMaxBytes)
            {
                return null;
            }
        }
    }
}
