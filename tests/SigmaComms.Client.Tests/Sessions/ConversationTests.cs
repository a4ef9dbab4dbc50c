using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;
using Xunit.Abstractions;

namespace SigmaComms.Client.Tests.Sessions;

public sealed class ConversationTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TestAccount Alpha = new("alpha", 1);
    private static readonly TestAccount Beta = new("beta", 2);

    private readonly ConversationSide _alpha = new(Alpha, Beta.Remote);
    private readonly ConversationSide _beta = new(Beta, Alpha.Remote);
    private readonly SeededRandom _ids = new(99);
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public void Dispose()
    {
        _alpha.Dispose();
        _beta.Dispose();
    }

    [Fact]
    public void A_first_message_needs_a_bundle_and_then_arrives_once_in_the_application()
    {
        Digest16 id = NewId();

        SendStatus without = _alpha.Send(id, "hello", null, _now);
        SendStatus with = _alpha.Send(id, "hello", _beta.Publish(_now, lastResort: false), _now);
        _alpha.Commit();
        DepositAll(_alpha, _beta);
        DeliverAll(_beta);

        Assert.Equal(SendStatus.NeedsBundle, without);
        Assert.Equal(SendStatus.Sealed, with);
        Assert.Equal([(1ul, "hello")], _beta.Application);
        Assert.Empty(_beta.Mailbox);
    }

    [Fact]
    public void An_empty_text_and_the_longest_text_arrive()
    {
        string longest = new('x', Envelope.BodyMaxBytes);
        Begin();

        _alpha.Send(NewId(), "", null, _now);
        _alpha.Send(NewId(), longest, null, _now);
        _alpha.Commit();
        DepositAll(_alpha, _beta);
        DeliverAll(_beta);

        Assert.Equal(["first", "", longest], _beta.Application.Select(item => item.Text));
    }

    [Fact]
    public void Sending_the_same_message_twice_sends_it_once()
    {
        Digest16 id = NewId();
        PrekeyBundle bundle = _beta.Publish(_now, lastResort: false);

        _alpha.Send(id, "once", bundle, _now);
        SendStatus again = _alpha.Send(id, "once", bundle, _now);
        _alpha.Commit();

        Assert.Equal(SendStatus.Known, again);
        Assert.Equal(1, _alpha.Conversation.Outbox.Count);
    }

    [Fact]
    public void A_receipt_clears_the_outbox_and_is_not_itself_confirmed()
    {
        Begin();
        Assert.Equal(1, _alpha.Conversation.Outbox.Count);

        bool due = _beta.Conversation.IsReceiptDue(_now);
        SendReceipt(_beta, _alpha);

        Assert.True(due);
        Assert.Equal(0, _alpha.Conversation.Outbox.Count);
        Assert.Single(_alpha.Delivered);
        Assert.False(_alpha.Conversation.IsReceiptDue(_now));
        Assert.False(_beta.Conversation.IsReceiptDue(_now));
    }

    [Fact]
    public void A_message_back_confirms_as_well_as_a_receipt()
    {
        Begin();

        _beta.Send(NewId(), "answer", null, _now);
        _beta.Commit();
        DepositAll(_beta, _alpha);
        DeliverAll(_alpha);

        Assert.Equal(0, _alpha.Conversation.Outbox.Count);
        Assert.False(_beta.Conversation.IsReceiptDue(_now));
    }

    [Fact]
    public void A_repeated_message_is_acknowledged_again_confirmed_again_and_not_delivered_again()
    {
        Begin();
        SendReceipt(_beta, _alpha);
        _alpha.Send(NewId(), "second", null, _now);
        _alpha.Commit();
        (Digest16 Id, byte[] Blob) message = Take(_alpha);
        _beta.Mailbox.Add(message);
        DeliverAll(_beta);
        SendReceipt(_beta, _alpha);

        _beta.Mailbox.Add(message);
        ReceiveStatus again = _beta.Receive(message, _now);
        _beta.Commit();

        Assert.Equal(ReceiveStatus.Repeat, again);
        Assert.Empty(_beta.Mailbox);
        Assert.True(_beta.Conversation.IsReceiptDue(_now));
        Assert.Equal(2, _beta.Application.Count);
    }

    [Fact]
    public void Garbage_is_acknowledged_and_dropped_without_any_effect()
    {
        Begin();
        _beta.Commit();
        int commitsBefore = _beta.Application.Count;

        ReceiveStatus status = _beta.Receive((NewId(), new SeededRandom(8).Bytes(500)), _now);
        (byte[]? commit, IReadOnlyList<ConversationEffect> effects) = _beta.Conversation.TakeCommit();

        Assert.Equal(ReceiveStatus.Dropped, status);
        Assert.Null(commit);
        Assert.IsType<ConversationEffect.Acknowledge>(Assert.Single(effects));
        Assert.Equal(commitsBefore, _beta.Application.Count);
    }

    [Fact]
    public void A_first_message_under_the_last_resort_key_works_and_its_replay_to_a_lost_state_is_refused()
    {
        PrekeyBundle lastResort = _beta.Publish(_now, lastResort: true);
        _alpha.Send(NewId(), "without one-time keys", lastResort, _now);
        _alpha.Commit();
        (Digest16 Id, byte[] Blob) message = Take(_alpha);
        _beta.Mailbox.Add(message);
        DeliverAll(_beta);

        var amnesiac = new Conversation(Beta.Device, Alpha.Remote);
        ReceiveStatus replay = amnesiac.Receive(message.Id, message.Blob, _beta.Prekeys, _now, Beta.Random);

        Assert.True(lastResort.IsLastResort);
        Assert.Equal(["without one-time keys"], _beta.Application.Select(item => item.Text));
        Assert.Equal(ReceiveStatus.Dropped, replay);
    }

    [Fact]
    public void Prekeys_that_were_spent_are_forgotten_even_if_the_process_died_before_it_could()
    {
        PrekeyBundle bundle = _beta.Publish(_now, lastResort: false);
        _alpha.Send(NewId(), "first", bundle, _now);
        _alpha.Commit();
        _beta.Mailbox.Add(Take(_alpha));
        _beta.Receive(_beta.Mailbox[0], _now);

        _beta.Commit(dieAfterStored: true);

        Assert.False(_beta.Prekeys.TryGetOneTimePrekey(bundle.OneTimePrekeyId!.Value, new byte[32]));
        Assert.Equal(["first"], _beta.Application.Select(item => item.Text));
    }

    [Fact]
    public void When_the_application_takes_nothing_the_ratchet_goes_back_and_the_message_is_taken_later()
    {
        Begin();
        SendReceipt(_beta, _alpha);
        byte[] large = new byte[Envelope.BodyMaxBytes];
        ulong place = 1_000;
        while (!_beta.Conversation.Inbox.IsFull)
        {
            _beta.Conversation.Inbox.PutBack(
                new InboxItem(NewId(), EnvelopeKind.Text, 0, 0, large) { Place = place++ });
        }

        _alpha.Send(NewId(), "one too many", null, _now);
        _alpha.Commit();
        (Digest16 Id, byte[] Blob) message = Take(_alpha);
        ReceiveStatus tooMuch = _beta.Receive(message, _now);
        _beta.Conversation.Inbox.Mark(1_000);
        ReceiveStatus later = _beta.Receive(message, _now);
        _beta.Commit();

        Assert.Equal(ReceiveStatus.TurnedAway, tooMuch);
        Assert.Equal(ReceiveStatus.Taken, later);
        Assert.Equal("one too many", _beta.Application[^1].Text);
    }

    [Fact]
    public void The_whole_state_as_one_commit_equals_all_commits()
    {
        Begin();
        _alpha.Send(NewId(), "waits", null, _now);
        _alpha.Commit();
        byte[] before = _alpha.Conversation.EncodeWhole();

        _alpha.Compact();
        _alpha.Restart();

        Assert.Equal(before, _alpha.Conversation.EncodeWhole());
    }

    [Fact]
    public void Nothing_is_lost_nothing_comes_twice_and_order_holds_over_any_mixture_of_faults()
    {
        for (ulong seed = 1; seed <= 25; seed++)
        {
            output.WriteLine($"seed {seed}");
            new ConversationStorm(seed).Run(steps: 220);
        }
    }

    private void Begin()
    {
        _alpha.Send(NewId(), "first", _beta.Publish(_now, lastResort: false), _now);
        _alpha.Commit();
        DepositAll(_alpha, _beta);
        DeliverAll(_beta);
    }

    private void SendReceipt(ConversationSide from, ConversationSide to)
    {
        Assert.Equal(SendStatus.Sealed, from.Conversation.SealReceipt(NewId(), null, _now, from.Account.Random));
        from.Commit();
        DepositAll(from, to);
        DeliverAll(to);
    }

    private void DepositAll(ConversationSide from, ConversationSide to)
    {
        foreach (OutboxEntry entry in from.Conversation.Outbox.NextDeposits(64))
        {
            to.Mailbox.Add(Wire(entry));
            from.Conversation.DepositDone(entry.Ciphertext.DepositId, _now);
        }

        from.Commit();
    }

    private void DeliverAll(ConversationSide to)
    {
        foreach ((Digest16 Id, byte[] Blob) message in to.Mailbox.ToArray())
        {
            to.Receive(message, _now);
        }

        to.Commit();
        _now += TimeSpan.FromSeconds(1);
    }

    private static (Digest16 Id, byte[] Blob) Take(ConversationSide from) =>
        Wire(from.Conversation.Outbox.Entries.Last());

    private static (Digest16 Id, byte[] Blob) Wire(OutboxEntry entry) =>
        (entry.Ciphertext.DepositId, entry.Ciphertext.Bytes.ToArray());

    private Digest16 NewId() => Digest16.Random(_ids);
}
