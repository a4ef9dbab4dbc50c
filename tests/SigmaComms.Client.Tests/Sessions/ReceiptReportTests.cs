using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using Xunit.Abstractions;

namespace SigmaComms.Client.Tests.Sessions;

public sealed class ReceiptReportTests(ITestOutputHelper output)
{
    [Fact]
    public void The_encoding_is_the_one_of_the_format_table()
    {
        var report = new ReceiptReport(true, [new CounterRun(5, 6), new CounterRun(9, 9)]);

        string hex = Convert.ToHexStringLower(report.Encode());

        Assert.Equal(
            "0102" + "0000000000000005" + "0000000000000006" + "0000000000000009" + "0000000000000009", hex);
        Assert.Empty(ReceiptReport.None.Encode());
    }

    [Fact]
    public void Every_allowed_report_survives_a_round_trip()
    {
        var random = new SeededRandom(12);
        output.WriteLine($"seed {random.Seed}");
        for (int i = 0; i < 500; i++)
        {
            ReceiptReport report = Some(random, acknowledged: 10);

            bool read = ReceiptReport.TryDecode(report.Encode(), 10, out ReceiptReport? decoded);

            Assert.True(read);
            Assert.Equal(report.Asks, decoded!.Asks);
            Assert.Equal(report.Runs, decoded.Runs);
        }
    }

    [Theory]
    [InlineData("0000")] // says nothing, and not with nothing
    [InlineData("0200")] // unknown flag
    [InlineData("01")] // cut off
    [InlineData("010100000000000000050000000000000004")] // ends before it begins
    [InlineData("010100000000000000040000000000000009")] // no gap before it
    [InlineData("010100000000000000030000000000000009")] // acknowledged already
    [InlineData("01010000000000000005ffffffffffffffff")] // no counter is so high
    [InlineData("0102000000000000000500000000000000060000000000000007000000000000000a")] // two runs that are one
    [InlineData("0102000000000000000900000000000000090000000000000005000000000000000a")] // not ascending
    [InlineData("01010000000000000005000000000000000600")] // trailing byte
    [InlineData("0141")] // more runs than are allowed
    public void What_is_not_the_one_encoding_of_a_report_is_refused(string hex)
    {
        bool read = ReceiptReport.TryDecode(Convert.FromHexString(hex), 3, out ReceiptReport? report);

        Assert.False(read);
        Assert.Null(report);
    }

    [Fact]
    public void Random_bytes_never_throw_and_what_is_taken_is_canonical()
    {
        var random = new SeededRandom(13);
        output.WriteLine($"seed {random.Seed}");
        for (int i = 0; i < 5_000; i++)
        {
            byte[] bytes = random.Chance(0.5)
                ? random.Bytes(random.Below(100))
                : Flipped(Some(random, 10).Encode(), random);

            bool read = ReceiptReport.TryDecode(bytes, 10, out ReceiptReport? decoded);

            Assert.True(!read || decoded!.Encode().AsSpan().SequenceEqual(bytes), Convert.ToHexString(bytes));
        }
    }

    [Fact]
    public void It_tells_for_each_counter_whether_it_is_missing_there_or_not_said()
    {
        var gaps = new ReceiptReport(false, [new CounterRun(5, 6)]);
        var asks = new ReceiptReport(true, [new CounterRun(5, 6)]);
        IEnumerable<ulong> thirds = Enumerable.Range(1, ReceiptReport.RunsMax).Select(static i => 3 * (ulong)i);
        var full = new ReceiptReport(true, [.. thirds.Select(static counter => new CounterRun(counter, counter))]);

        Assert.Equal([true, false, false, null], new ulong[] { 4, 5, 6, 7 }.Select(gaps.Misses));
        Assert.Equal([true, false, false, true], new ulong[] { 4, 5, 6, 7 }.Select(asks.Misses));
        Assert.Null(full.Misses(500));
        Assert.True(ReceiptReport.None.Misses(1) is null);
    }

    private static ReceiptReport Some(SeededRandom random, ulong acknowledged)
    {
        var runs = new List<CounterRun>();
        ulong last = acknowledged;
        for (int i = random.Below(ReceiptReport.RunsMax + 1); i > 0; i--)
        {
            ulong first = last + 2 + (ulong)random.Below(5);
            last = first + (ulong)random.Below(5);
            runs.Add(new CounterRun(first, last));
        }

        return new ReceiptReport(random.Chance(0.5), runs);
    }

    private static byte[] Flipped(byte[] bytes, SeededRandom random)
    {
        if (bytes.Length > 0)
        {
            bytes[random.Below(bytes.Length)] ^= (byte)(1 << random.Below(8));
        }

        return bytes;
    }
}
