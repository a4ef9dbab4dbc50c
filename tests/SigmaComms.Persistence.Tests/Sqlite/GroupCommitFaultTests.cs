using SigmaComms.Persistence.Writes;

namespace SigmaComms.Persistence.Tests.Sqlite;

/// <summary>What becomes of writes when their thread ends by a bug.</summary>
public sealed class GroupCommitFaultTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_writer_that_ends_by_a_bug_leaves_the_batch_in_hand_in_doubt_and_what_waited_unwritten()
    {
        var writer = new BrokenWriter();
        PendingWrite<string, string> inHand = Write();
        writer.TryEnqueue(inHand);
        Assert.True(writer.Began.Wait(Patience));
        PendingWrite<string, string> waiting = Write();
        writer.TryEnqueue(waiting);

        writer.GoesOn.Set();
        string outcome = await inHand.WaitAsync(default).AsTask().WaitAsync(Patience);

        JournalException refused = await Assert.ThrowsAsync<JournalException>(
            () => waiting.WaitAsync(default).AsTask().WaitAsync(Patience));
        Assert.Contains("planted", outcome, StringComparison.Ordinal);
        Assert.Equal(JournalFailure.Io, refused.Reason);
        Assert.Throws<ObjectDisposedException>(() => writer.TryEnqueue(Write()));
        await writer.DisposeAsync().AsTask().WaitAsync(Patience);
        Assert.True(writer.IsClosed);
    }

    private static PendingWrite<string, string> Write() =>
        new("id", events: 1, sizeBytes: 1, (_, _) => "written", doubt => $"in doubt: {doubt}");

    private sealed class BrokenWriter : GroupCommit<string>
    {
        public BrokenWriter()
            : base(new GroupCommitLimits(EventsMax: 1, BytesMax: 1, TimeSpan.Zero, TimeProvider.System)) =>
            Start(stackBytesMax: 256 << 10);

        public ManualResetEventSlim Began { get; } = new();

        public ManualResetEventSlim GoesOn { get; } = new();

        public bool IsClosed { get; private set; }

        protected override string StoreName => "test";

        protected override void Commit(List<WriteRequest<string>> batch, long utcTicks)
        {
            Began.Set();
            GoesOn.Wait(Patience);
            throw new InvalidOperationException("planted");
        }

        protected override void Close() => IsClosed = true;
    }
}
