using System.Runtime.Versioning;
using SigmaComms.Node.Telemetry;
using SigmaComms.Node.Tests.Configuration;

namespace SigmaComms.Node.Tests.Telemetry;

[UnsupportedOSPlatform("windows")]
public sealed class OtlpSpoolTests
{
    private const long Block = 4_096;

    [Fact]
    public void Batches_come_out_in_the_order_they_went_in_and_stay_until_they_are_completed()
    {
        using TemporaryFolder folder = new();
        using OtlpSpool spool = new(folder["spool"], 1 << 20);
        spool.Add(OtlpSignal.Logs, [1, 2]);
        spool.Add(OtlpSignal.Metrics, [3]);

        SpooledBatch first = spool.Peek()!;
        SpooledBatch again = spool.Peek()!;
        spool.Complete(first, taken: true);
        SpooledBatch second = spool.Peek()!;

        Assert.Equal((OtlpSignal.Logs, 1L, 1L), (first.Signal, first.Number, again.Number));
        Assert.Equal([1, 2], first.Body.ToArray());
        Assert.Equal((OtlpSignal.Metrics, 1L), (second.Signal, spool.Count));
    }

    [Fact]
    public void What_an_earlier_process_left_is_found_again_and_numbers_go_on()
    {
        using TemporaryFolder folder = new();
        using (OtlpSpool before = new(folder["spool"], 1 << 20))
        {
            before.Add(OtlpSignal.Logs, [1]);
            before.Add(OtlpSignal.Traces, [2]);
            before.Complete(before.Peek()!, taken: true);
        }

        File.WriteAllText(Path.Combine(folder["spool"], "000000000009.otlp.new"), "half");
        File.WriteAllText(Path.Combine(folder["spool"], "notes.txt"), "somebody's");

        using OtlpSpool spool = new(folder["spool"], 1 << 20);
        spool.Add(OtlpSignal.Logs, [3]);

        Assert.Equal((2L, 2L), (spool.Peek()!.Number, spool.Count));
        Assert.Equal(2 * Block, spool.Bytes);
        Assert.False(File.Exists(Path.Combine(folder["spool"], "000000000009.otlp.new")));
        Assert.True(spool.WaitAsync(CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public void A_full_spool_lets_the_oldest_go_counts_it_and_never_grows_above_its_bound()
    {
        using TemporaryFolder folder = new();
        using OtlpSpool spool = new(folder["spool"], 10 * Block);

        for (byte i = 0; i < 50; i++)
        {
            spool.Add(OtlpSignal.Logs, [i, .. new byte[8]]);
        }

        int files = Directory.GetFiles(folder["spool"]).Length;
        Assert.Equal((10 * Block, 10, 10L, 40L), (spool.Bytes, files, spool.Count, spool.Dropped));
        Assert.Equal(40, spool.Peek()!.Body.Span[0]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4_095, 1)]
    [InlineData(4_096, 2)]
    public void A_batch_counts_with_the_blocks_that_its_file_takes(int bodyBytes, int blocks)
    {
        using TemporaryFolder folder = new();
        using OtlpSpool spool = new(folder["spool"], 1 << 20);

        spool.Add(OtlpSignal.Logs, new byte[bodyBytes]);
        using OtlpSpool again = new(folder["spool"], 1 << 20);
        long found = again.Bytes;
        again.Complete(again.Peek()!, taken: true);

        Assert.Equal((blocks * Block, blocks * Block, 0L), (spool.Bytes, found, again.Bytes));
    }

    [Fact]
    public void A_batch_that_gave_way_on_its_way_and_was_taken_is_not_counted_as_lost()
    {
        using TemporaryFolder folder = new();
        using OtlpSpool spool = new(folder["spool"], 2 * Block);
        spool.Add(OtlpSignal.Logs, [1]);
        SpooledBatch onItsWay = spool.Peek()!;
        spool.Add(OtlpSignal.Logs, [2]);
        spool.Add(OtlpSignal.Logs, [3]);
        long before = spool.Dropped;

        spool.Complete(onItsWay, taken: true);

        Assert.Equal((1L, 0L), (before, spool.Dropped));
        Assert.Equal((2L, 2L), (spool.Peek()!.Number, spool.Count));
    }

    [Fact]
    public void A_batch_larger_than_the_spool_is_lost_and_counted_and_nothing_else_is()
    {
        using TemporaryFolder folder = new();
        using OtlpSpool spool = new(folder["spool"], 2 * Block);
        spool.Add(OtlpSignal.Logs, [1]);

        bool kept = spool.Add(OtlpSignal.Logs, new byte[2 * Block]);

        Assert.False(kept);
        Assert.Equal((1L, 1L), (spool.Dropped, spool.Count));
    }

    [Fact]
    public void Damaged_and_missing_files_are_passed_over()
    {
        using TemporaryFolder folder = new();
        using OtlpSpool spool = new(folder["spool"], 1 << 20);
        for (byte i = 0; i < 4; i++)
        {
            spool.Add(OtlpSignal.Logs, [i]);
        }

        File.Delete(Path.Combine(folder["spool"], "000000000001.otlp"));
        File.WriteAllBytes(Path.Combine(folder["spool"], "000000000002.otlp"), [77, 1]);
        File.WriteAllBytes(Path.Combine(folder["spool"], "000000000003.otlp"), []);

        Assert.Equal((4L, 3L), (spool.Peek()!.Number, spool.Dropped));
    }

    [Fact]
    public void A_batch_that_cannot_be_read_for_a_moment_is_not_lost_nor_are_those_behind_it()
    {
        using TemporaryFolder folder = new();
        using OtlpSpool spool = new(folder["spool"], 1 << 20);
        spool.Add(OtlpSignal.Logs, [1]);
        spool.Add(OtlpSignal.Logs, [2]);
        string oldest = Path.Combine(folder["spool"], "000000000001.otlp");
        File.Move(oldest, oldest + ".aside");
        Directory.CreateDirectory(oldest);

        SpooledBatch? unreadable = spool.Peek();
        Directory.Delete(oldest);
        File.Move(oldest + ".aside", oldest);
        SpooledBatch? readable = spool.Peek();

        Assert.Null(unreadable);
        Assert.Equal((1L, 0L), (readable!.Number, spool.Dropped));
    }

    [Fact]
    public void A_batch_that_can_never_be_read_does_not_stand_before_the_others_for_ever()
    {
        using TemporaryFolder folder = new();
        using OtlpSpool spool = new(folder["spool"], 1 << 20);
        spool.Add(OtlpSignal.Logs, [1]);
        spool.Add(OtlpSignal.Logs, [2]);
        string oldest = Path.Combine(folder["spool"], "000000000001.otlp");
        File.Delete(oldest);
        Directory.CreateDirectory(oldest);

        List<long?> numbers = [.. Enumerable.Range(0, 10).Select(_ => spool.Peek()?.Number)];

        Assert.Equal([.. new long?[9], 2L], numbers);
        Assert.Equal(1, spool.Dropped);
    }

    [Fact]
    public void A_batch_that_gave_way_while_it_was_being_sent_does_not_take_the_next_with_it()
    {
        using TemporaryFolder folder = new();
        using OtlpSpool spool = new(folder["spool"], 2 * Block);
        spool.Add(OtlpSignal.Logs, [1]);
        SpooledBatch sending = spool.Peek()!;
        spool.Add(OtlpSignal.Logs, [2]);
        spool.Add(OtlpSignal.Logs, [3]);

        spool.Complete(sending, taken: true);

        Assert.Equal(2, spool.Peek()!.Body.Span[0]);
    }

    [Fact]
    public void Folder_and_files_are_for_their_owner_only()
    {
        using TemporaryFolder folder = new();
        using OtlpSpool spool = new(folder["spool"], 1 << 20);
        spool.Add(OtlpSignal.Logs, [1]);

        UnixFileMode others = File.GetUnixFileMode(folder["spool"])
            | File.GetUnixFileMode(Directory.GetFiles(folder["spool"]).Single());

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, others);
    }
}
