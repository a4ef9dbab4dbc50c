using System.IO.Pipes;
using System.Text;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Tests.Configuration;

namespace SigmaComms.Node.Tests.Terminal;

public sealed class PipeEndTests
{
    [PipeFact]
    public void A_closed_pipe_is_told_where_the_framework_keeps_silent()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using PipeEnd end = EndOf(reader);
        end.Write("first"u8);
        bool before = end.IsReaderGone;
        reader.Dispose();

        Assert.False(before);
        Assert.True(end.IsReaderGone);
        Assert.Throws<ReaderGoneException>(() => end.Write("second"u8));
    }

    [PipeFact]
    public void What_the_reader_has_not_taken_is_counted()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using PipeEnd end = EndOf(reader);

        end.Write("12345"u8);
        int full = end.UnreadBytes;
        reader.ReadExactly(new byte[3]);
        int half = end.UnreadBytes;
        reader.ReadExactly(new byte[2]);

        Assert.Equal((5, 2, 0), (full, half, end.UnreadBytes));
    }

    [PipeFact]
    public void A_full_device_is_a_fault_and_a_file_takes_all()
    {
        using TemporaryFolder folder = new();
        using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        using FileStream file = new(folder["out"], FileMode.Create, FileAccess.Write, FileShare.ReadWrite, 0);
        using PipeEnd atFull = new((int)full.SafeFileHandle.DangerousGetHandle());
        using PipeEnd atFile = new((int)file.SafeFileHandle.DangerousGetHandle());

        atFile.Write("text"u8);

        Assert.Throws<IOException>(() => atFull.Write("text"u8));
        Assert.Equal((0, false), (atFile.UnreadBytes, atFile.IsReaderGone));
        Assert.Equal("text", File.ReadAllText(folder["out"]));
    }

    [PipeFact]
    public async Task Data_is_taken_once_the_reader_has_read_it_and_never_if_the_reader_goes()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        await using StandardWriter writer = new(EndOf(reader));
        Output output = new(writer, TextWriter.Null);
        output.Line("one");
        Task taken = output.TakenAsync(TimeProvider.System, CancellationToken.None);
        bool early = taken.IsCompleted;
        byte[] read = new byte[4];
        reader.ReadExactly(read);
        await taken;

        output.Line("two");
        Task lost = output.TakenAsync(TimeProvider.System, CancellationToken.None);
        reader.Dispose();

        Assert.False(early);
        Assert.Equal("one\n", Encoding.UTF8.GetString(read));
        await Assert.ThrowsAsync<ReaderGoneException>(() => lost);
    }

    [PipeFact]
    public async Task Work_that_writes_nothing_ends_when_the_reader_goes()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        await using StandardWriter writer = new(EndOf(reader));
        Output output = new(writer, TextWriter.Null);

        Task<int> work = output.WhileReadAsync(
            async stop =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, stop);
                return 0;
            },
            TimeProvider.System,
            CancellationToken.None);
        reader.Dispose();

        await Assert.ThrowsAsync<ReaderGoneException>(() => work);
    }

    [Fact]
    public async Task A_command_whose_output_nobody_reads_ends_as_SIGPIPE_would_end_it()
    {
        using GoneWriter data = new();
        using StringWriter notes = new();

        ExitCode code = await Node.Commands.CommandLine.RunAsync(["version"], data, notes);

        Assert.Equal((ExitCode.ReaderGone, ""), (code, notes.ToString()));
    }

    private static PipeEnd EndOf(AnonymousPipeServerStream reader) =>
        new((int)reader.ClientSafePipeHandle.DangerousGetHandle());

    private sealed class GoneWriter : StringWriter
    {
        public override void Write(string? value) => throw new ReaderGoneException();
    }
}
