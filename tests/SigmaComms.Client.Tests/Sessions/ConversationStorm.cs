using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Sessions;

/// <summary>
/// Two sides and a cluster that loses answers, repeats and shuffles, while the processes die at any point of a commit.
/// Then everything calms down, and what both sides have is compared with what was sent.
/// </summary>
internal sealed class ConversationStorm
{
    private readonly ulong _seed;
    private readonly SeededRandom _random;
    private readonly ConversationSide[] _sides;
    private readonly List<string>[] _sent = [[], []];
    private readonly List<(Digest16 Id, byte[] Blob)>[] _old = [[], []];
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public ConversationStorm(ulong seed)
    {
        _seed = seed;
        _random = new SeededRandom(seed);
        var alpha = new TestAccount("alpha", 1_000 + seed);
        var beta = new TestAccount("beta", 2_000 + seed);
        _sides = [new ConversationSide(alpha, beta.Remote), new ConversationSide(beta, alpha.Remote)];
    }

    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Step(_random.Below(2));
            _now += TimeSpan.FromSeconds(_random.Below(5));
        }

        for (int round = 0; round < 400 && !IsSettled(); round++)
        {
            Calm(0);
            Calm(1);
        }

        Assert.True(IsSettled(), $"seed {_seed}: not settled");
        Assert.True(_sent[0].SequenceEqual(_sides[1].Application.Select(item => item.Text)), $"seed {_seed}: to beta");
        Assert.True(_sent[1].SequenceEqual(_sides[0].Application.Select(item => item.Text)), $"seed {_seed}: to alpha");
    }

    private void Step(int who)
    {
        ConversationSide side = _sides[who];
        ConversationSide other = _sides[1 - who];
        switch (_random.Below(10))
        {
            case 0 or 1 or 2:
                Send(who);
                break;
            case 3 or 4:
                Deposit(side, other, 1 - who, loseAnswers: 0.3);
                break;
            case 5 or 6 or 7:
                Deliver(side, who);
                break;
            case 8:
                side.MarkFirst();
                Work(who);
                Commit(side);
                break;
            default:
                Disturb(side);
                break;
        }
    }

    private void Send(int who)
    {
        ConversationSide side = _sides[who];
        string text = $"{_seed}-{who}-{_sent[who].Count}";
        var id = Digest16.Random(_random);
        SendStatus status = side.Send(id, text, null, _now);
        if (status == SendStatus.NeedsBundle)
        {
            PrekeyBundle bundle = _sides[1 - who].Publish(_now, lastResort: _random.Chance(0.3));
            status = side.Send(id, text, bundle, _now);
        }

        Assert.Equal(SendStatus.Sealed, status);

        // The application sends again, with the same id, until it is told that the message is stored.
        Commit(side);
        while (!side.Stored.Contains(id))
        {
            Assert.NotEqual(
                SendStatus.Full, side.Send(id, text, _sides[1 - who].Publish(_now, lastResort: true), _now));
            Commit(side);
        }

        _sent[who].Add(text);
    }

    private void Deposit(ConversationSide from, ConversationSide to, int toIndex, double loseAnswers)
    {
        foreach (OutboxEntry entry in from.Conversation.Outbox.NextDeposits(8))
        {
            (Digest16 Id, byte[] Blob) deposit = Wire(entry);
            if (to.Mailbox.All(message => message.Id != deposit.Id))
            {
                _old[toIndex].Add(deposit);
                Store(to, deposit);
            }

            if (_random.Chance(loseAnswers))
            {
                from.Conversation.Outbox.DepositFailed(deposit.Id);
            }
            else
            {
                from.Conversation.DepositDone(deposit.Id, _now);
            }
        }

        Commit(from);
    }

    private void Store(ConversationSide to, (Digest16 Id, byte[] Blob) deposit)
    {
        // Some are lost by the cluster after it said that it has them, some are damaged by it.
        int fate = _random.Below(20);
        if (fate == 0)
        {
            return;
        }

        byte[] blob = [.. deposit.Blob];
        if (fate == 1)
        {
            blob[_random.Below(blob.Length)] ^= (byte)(1 << _random.Below(8));
        }

        to.Mailbox.Add((deposit.Id, blob));
    }

    private void Work(int who) =>
        _sides[who].Work(() => _sides[1 - who].Publish(_now, lastResort: _random.Chance(0.3)), _now, _random);

    private static (Digest16 Id, byte[] Blob) Wire(OutboxEntry entry) =>
        (entry.Ciphertext.DepositId, entry.Ciphertext.Bytes.ToArray());

    private void Deliver(ConversationSide side, int who)
    {
        int count = 1 + _random.Below(6);
        for (int i = 0; i < count; i++)
        {
            if (_old[who].Count > 0 && _random.Chance(0.2))
            {
                // A copy that was away comes back, though it was acknowledged long ago.
                side.Receive(_old[who][_random.Below(_old[who].Count)], _now);
            }
            else if (side.Mailbox.Count > 0)
            {
                side.Receive(side.Mailbox[_random.Below(side.Mailbox.Count)], _now);
            }
        }

        Commit(side);
    }

    private void Disturb(ConversationSide side)
    {
        switch (_random.Below(3))
        {
            case 0:
                side.Restart();
                break;
            case 1:
                side.Compact();
                break;
            default:
                side.Conversation.Outbox.LinkLost();
                break;
        }
    }

    private void Commit(ConversationSide side)
    {
        int fate = _random.Below(10);
        side.Commit(dieBeforeStored: fate == 0, dieAfterStored: fate == 1);
    }

    private void Calm(int who)
    {
        ConversationSide side = _sides[who];
        side.Conversation.Outbox.LinkLost();
        foreach (OutboxEntry entry in side.Conversation.Outbox.NextDeposits(64))
        {
            (Digest16 Id, byte[] Blob) deposit = Wire(entry);
            if (_sides[1 - who].Mailbox.All(message => message.Id != deposit.Id))
            {
                _sides[1 - who].Mailbox.Add(deposit);
            }

            side.Conversation.DepositDone(deposit.Id, _now);
        }

        side.Commit();
        foreach ((Digest16 Id, byte[] Blob) message in side.Mailbox.ToArray())
        {
            side.Receive(message, _now);
        }

        side.Commit();
        while (side.Conversation.NextWorkUnixMs <= _now.ToUnixTimeMilliseconds())
        {
            Work(who);
            side.Commit();
            if (side.Conversation.IsReceiptDue(_now))
            {
                break;
            }
        }

        // To the next thing that somebody has to do, however far away.
        _now += TimeSpan.FromSeconds(1);
        if (_sides.All(other => other.Mailbox.Count == 0 && other.Conversation.Outbox.Unaccepted == 0)
            && _sides.Min(other => other.Conversation.NextWorkUnixMs) is { } next)
        {
            var due = DateTimeOffset.FromUnixTimeMilliseconds(next);
            _now = due > _now ? due : _now;
        }
    }

    private bool IsSettled() => _sides.All(side =>
        side.Mailbox.Count == 0 && !side.Conversation.Outbox.Entries.Any());
}
