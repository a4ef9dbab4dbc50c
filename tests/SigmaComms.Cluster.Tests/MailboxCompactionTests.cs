using SigmaComms.Cluster.Mailboxes;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using Xunit;

namespace SigmaComms.Cluster.Tests;

public sealed class MailboxCompactionTests
{
    private readonly MailboxState _state = new();
    private readonly MailboxCompaction _compaction;

    public MailboxCompactionTests()
    {
        _compaction = new MailboxCompaction(_state);
        _state.Add(Message(1), 1, TimeSpan.Zero);
        _state.Add(Message(2), 2, TimeSpan.Zero);
    }

    [Fact]
    public void What_was_acknowledged_is_said_to_the_journal_again_after_an_append_that_failed()
    {
        Remove(2, isGone: true);
        int first = NoticesOfNextAppend();
        _compaction.NoteNotWritten();

        int again = NoticesOfNextAppend();
        _compaction.NoteWritten();

        Assert.Equal(1, first);
        Assert.Equal(1, again);
        Assert.False(_compaction.IsPending);
        Assert.Equal(0, NoticesOfNextAppend());
    }

    [Fact]
    public void A_compaction_is_pending_until_its_append_is_durable()
    {
        Remove(2, isGone: true);

        NoticesOfNextAppend();

        Assert.True(_compaction.IsPending);
    }

    [Fact]
    public void A_message_that_left_and_came_again_is_not_said_to_have_left()
    {
        Remove(2, isGone: false);
        _state.Add(Message(2), 3, TimeSpan.Zero);

        Assert.Equal(0, NoticesOfNextAppend());
    }

    private static HeldMessage Message(int number) =>
        new(SimCluster.IdentityOf(3_001).Id, SimClient.Id(number), ulong.MaxValue, new byte[] { 1 });

    private void Remove(int number, bool isGone)
    {
        Digest16 id = SimClient.Id(number);
        if (isGone)
        {
            _state.RememberGone(id);
        }

        _compaction.NoteGone(id, _state.Remove(id)!.Sequence);
    }

    private int NoticesOfNextAppend()
    {
        MailboxBatch batch = new();
        _compaction.AddTo(batch);
        return batch.Events.Count;
    }
}
