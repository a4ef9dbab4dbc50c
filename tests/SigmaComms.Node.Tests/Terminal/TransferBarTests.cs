using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Terminal;

public sealed class TransferBarTests
{
    private const int Width = 100;

    private readonly SteppedTime _time = new();
    private readonly StringWriter _terminal = new();

    [Fact]
    public void The_line_tells_part_bytes_files_rate_and_time_left()
    {
        using TransferBar bar = new(_terminal, _time, Width);
        _time.Step(TimeSpan.FromSeconds(2));

        bar.Show(new TransferCount(50_000_000, 200_000_000, 3, 12));

        Assert.Equal(
            "\r 25 % [#####...............] 50.0 MB of 200.0 MB, 3 of 12 files, 25.0 MB/s, 0:06 left\u001b[K",
            _terminal.ToString());
    }

    [Fact]
    public void Without_a_known_end_there_is_no_part_and_no_time_left()
    {
        using TransferBar bar = new(_terminal, _time, Width);
        _time.Step(TimeSpan.FromSeconds(1));

        bar.Show(new TransferCount(1_500, -1, 0, 1));

        Assert.Equal("\r1.5 kB, 1.5 kB/s\u001b[K", _terminal.ToString());
    }

    [Fact]
    public void It_is_drawn_ten_times_a_second_at_most()
    {
        using TransferBar bar = new(_terminal, _time, Width);
        for (int i = 1; i <= 1_000; i++)
        {
            bar.Show(new TransferCount(i, 1_000, 0, 1));
            _time.Step(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(_terminal.ToString().Count(c => c == '\r'), 2, 10);
    }

    [Fact]
    public void The_rate_is_that_of_the_last_seconds()
    {
        using TransferBar bar = new(_terminal, _time, Width);
        for (int i = 1; i <= 100; i++)
        {
            _time.Step(TimeSpan.FromMilliseconds(100));
            bar.Show(new TransferCount(i <= 50 ? 0 : (i - 50) * 1_000_000L, 100_000_000, 0, 1));
        }

        Assert.Contains(", 10.0 MB/s, 0:05 left", _terminal.ToString().Split('\r')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_narrow_terminal_gets_no_second_line()
    {
        using TransferBar bar = new(_terminal, _time, 20);
        _time.Step(TimeSpan.FromSeconds(1));

        bar.Show(new TransferCount(50_000_000, 200_000_000, 3, 12));

        Assert.Equal(19, _terminal.ToString().Length - "\r\u001b[K".Length);
    }

    [Fact]
    public void At_the_end_the_line_is_cleared_once_and_never_drawn_again()
    {
        TransferBar bar = new(_terminal, _time, Width);
        bar.Show(new TransferCount(1, 2, 0, 1));

        bar.Dispose();
        bar.Dispose();
        _time.Step(TimeSpan.FromSeconds(1));
        bar.Show(new TransferCount(2, 2, 1, 1));

        Assert.EndsWith("\u001b[K\r\u001b[K", _terminal.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, _terminal.ToString().Count(c => c == '\r'));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1.0 kB")]
    [InlineData(999_949, "999.9 kB")]
    [InlineData(999_950, "1.0 MB")]
    [InlineData(12_345_678_901, "12.3 GB")]
    public void Bytes_are_told_in_powers_of_ten(long bytes, string expected)
    {
        Assert.Equal(expected, ByteText.Of(bytes));
    }
}
