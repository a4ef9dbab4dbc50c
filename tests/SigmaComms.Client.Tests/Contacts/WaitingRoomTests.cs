using SigmaComms.Client.Contacts;
using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Contacts;

public sealed class WaitingRoomTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SeededRandom _random = new(21);
    private readonly WaitingRoom _room = new();

    [Fact]
    public void An_account_leaves_when_two_nodes_deny_it_and_a_minute_has_passed_and_not_before()
    {
        InboundMessage message = Message(Id(1), Id(2));
        _room.Add(message, false, Start);

        IReadOnlyList<InboundMessage> one = _room.Deny(Id(1), Id(9), 3, Start + WaitingRoom.DeniedAfter);
        IReadOnlyList<InboundMessage> same = _room.Deny(Id(1), Id(9), 3, Start + WaitingRoom.DeniedAfter);
        IReadOnlyList<InboundMessage> early = _room.Deny(Id(1), Id(8), 3, Start);
        IReadOnlyList<InboundMessage> nobody = _room.Deny(Id(1), null, 3, Start);
        IReadOnlyList<InboundMessage> both = _room.Deny(Id(1), Id(8), 3, Start + WaitingRoom.DeniedAfter);

        Assert.Empty(one.Concat(same).Concat(early).Concat(nobody));
        Assert.Same(message, Assert.Single(both));
        Assert.Equal(0, _room.Count);
    }

    [Fact]
    public void Where_there_is_one_node_only_its_word_counts()
    {
        _room.Add(Message(Id(1), Id(2)), false, Start);

        Assert.Single(_room.Deny(Id(1), Id(9), 1, Start + WaitingRoom.DeniedAfter));
    }

    [Fact]
    public void An_account_is_looked_up_at_once_and_after_each_verdict_later()
    {
        _room.Add(Message(Id(1), Id(2)), false, Start);
        var pauses = new List<TimeSpan>();

        for (int i = 0; i < 12; i++)
        {
            DateTimeOffset due = _room.NextDue!.Value;
            Assert.Single(_room.TakeDue(due));
            Assert.Empty(_room.TakeDue(due));
            _room.Deny(Id(1), null, 3, due);
            pauses.Add(_room.NextDue!.Value - due);
        }

        Assert.Equal([2, 4, 8], pauses.Take(3).Select(pause => pause.TotalSeconds));
        Assert.Equal(TimeSpan.FromMinutes(10), pauses[^1]);
    }

    [Fact]
    public void One_device_gets_its_share_and_no_more()
    {
        const int count = WaitingRoom.PerDeviceMax + 3;
        InboundMessage[] many = [.. Enumerable.Range(0, count).Select(_ => Message(Id(1), Id(2)))];

        InboundMessage[] leaving = [.. many.SelectMany(message => _room.Add(message, true, Start))];

        Assert.Equal(many[^3..], leaving);
    }

    [Fact]
    public void What_finds_no_place_while_its_account_is_looked_up_stays_in_the_mailbox_and_its_id_is_noted()
    {
        const int count = WaitingRoom.PerDeviceMax + 3;
        InboundMessage[] many = [.. Enumerable.Range(0, count).Select(_ => Message(Id(1), Id(2)))];

        InboundMessage[] leaving = [.. many.SelectMany(message => _room.Add(message, false, Start))];
        IReadOnlyList<InboundMessage> taken = _room.Take(Id(1));
        IReadOnlyList<Digest16> postponed = _room.TakePostponed(Id(1));

        Assert.Empty(leaving);
        Assert.Equal(many[..^3], taken);
        Assert.Equal(many[^3..].Select(message => message.Id), postponed);
        Assert.Empty(_room.TakePostponed(Id(1)));
    }

    [Fact]
    public void No_more_ids_are_noted_than_are_allowed_for_one_account_and_in_all()
    {
        int leaving = 0;
        for (int i = 0; i < 2_000; i++)
        {
            leaving += _room.Add(Message(Id(1), Id(2)), false, Start).Count;
        }

        int others = 0;
        for (int i = 0; i < 10_000; i++)
        {
            others += _room.Add(Message(Id(3 + (i % 20)), Id(3 + (i % 20))), false, Start).Count;
        }

        int noted = Enumerable.Range(1, 30).Sum(account => _room.TakePostponed(Id(account)).Count);
        Assert.Equal(2_000 - WaitingRoom.PerDeviceMax - WaitingRoom.PostponedPerAccountMax, leaving);
        Assert.Equal(WaitingRoom.PostponedMax, noted);
        Assert.True(others > 0);
    }

    [Fact]
    public void When_it_is_full_the_oldest_leaves()
    {
        var leaving = new List<InboundMessage>();
        for (int i = 0; i < WaitingRoom.MessagesMax + 5; i++)
        {
            leaving.AddRange(_room.Add(Message(Id(i % 250), Id(i % 250)), isBlocked: true, Start));
        }

        Assert.Equal(WaitingRoom.MessagesMax, _room.Count);
        Assert.Equal(Enumerable.Range(0, 5).Select(Id), leaving.Select(message => message.Account));
    }

    [Fact]
    public void A_message_that_comes_again_takes_one_place_and_messages_leave_in_their_order()
    {
        InboundMessage first = Message(Id(1), Id(2));
        InboundMessage second = Message(Id(1), Id(2));

        _room.Add(first, false, Start);
        _room.Add(second, false, Start);
        _room.Add(Again(first), false, Start);
        _room.Add(Again(second), false, Start);

        Assert.Equal([first.Id, second.Id], _room.Take(Id(1)).Select(message => message.Id));
    }

    [Fact]
    public void Whom_the_user_decides_about_is_not_looked_up()
    {
        _room.Add(Message(Id(1), Id(2)), isBlocked: true, Start);

        Assert.Null(_room.NextDue);
    }

    private static NodeId Id(int number) => new(Digest.Sha256([(byte)number]));

    private static InboundMessage Again(InboundMessage message)
    {
        var again = new InboundMessage(
            message.Id, message.Sender, InboundMessage.Frame(message.Account, [1]), new SemaphoreSlim(0));
        Assert.True(again.TryRead());
        return again;
    }

    private InboundMessage Message(NodeId account, NodeId sender)
    {
        var message = new InboundMessage(
            Digest16.Random(_random), sender, InboundMessage.Frame(account, [1]), new SemaphoreSlim(0));
        Assert.True(message.TryRead());
        return message;
    }
}
