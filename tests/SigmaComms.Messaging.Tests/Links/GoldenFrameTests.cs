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

    [Fact]
    public void Later_versions_of_messages_are_encoded_as_in_their_golden_file()
    {
        string[] golden = File.ReadAllLines(GoldenPath("golden-frames-2.txt"));
        string[] actual = [.. LinkSamples.Later.Select(Line)];

        Assert.Equal(golden, actual);
    }

    private static string Line(LinkMessage sample)
    {
        var output = new ArrayBufferWriter<byte>();
        LinkCodec.Write(sample, FrameKind.Request, 1, output);
        return $"{sample.GetType().Name} {Convert.ToHexStringLower(output.WrittenSpan)}";
    }

    private static string GoldenPath(string name = "golden-frames.txt", [CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, name);
}
