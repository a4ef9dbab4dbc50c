using System.Buffers;
using System.Runtime.CompilerServices;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Messaging.Tests.Links;

public sealed class GoldenFrameTests
{
    [Fact]
    public void Every_message_is_encoded_as_in_the_golden_file()
    {
        string[] golden = File.ReadAllLines(GoldenPath());
        string[] actual = [.. LinkSamples.All.Select(Line)];

        Assert.Equal(golden, actual);
    }

    private static string Line(LinkMessage sample)
    {
        var output = new ArrayBufferWriter<byte>();
        LinkCodec.Write(sample, FrameKind.Request, 1, output);
        return $"{sample.GetType().Name} {Convert.ToHexStringLower(output.WrittenSpan)}";
    }

    private static string GoldenPath([CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "golden-frames.txt");
}
