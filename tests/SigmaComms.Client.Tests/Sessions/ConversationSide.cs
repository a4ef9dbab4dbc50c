using System.Text;
using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Tests.Sessions;

/// <summary>One end of a conversation with a disk and an application of its own, and a process that may die.</summary>
internal sealed class ConversationSide : IDisposable
{
    private readonly RemoteDevice _peer;
    private readonly List<byte[]> _disk = [];
    private Conversation _conversation;

    public ConversationSide(TestAccount account, RemoteDevice peer)
    {
        Account = account;
        _peer = peer;
        _conversation = new Conversation(account.Device, peer);
    }

    public TestAccount Account { get; }

    public Conversation Conversation => _conversation;

    public PrekeyRing Prekeys { get; private set; } = new();

    /// <summary>What the cluster keeps for this side.</summary>
    public List<(Digest16 Id, byte[] Blob)> Mailbox { get; } = [];

    /// <summary>What the application has, by message.</summary>
    public List<(ulong Counter, string Text)> Application { get; } = [];

    /// <summary>What reached the application more than once.</summary>
    public int Repeats { get; private set; }

    public HashSet<Digest16> Stored { get; } = [];

    public HashSet<Digest16> Delivered { get; } = [];

    /// <summary>How often a bundle was asked for to do what nobody asked for.</summary>
    public int Fetches { get; private set; }

    /// <summary>What the user was told of lost histories.</summary>
    public List<HistoryLoss> Losses { get; } = [];

    public PrekeyBundle Publish(DateTimeOffset now, bool lastResort)
    {
        PrekeyPublication publication = Prekeys.Publish(Account.Device, 1, now, Account.Random);
        return lastResort ? publication.LastResort : publication.OneTime[0];
    }

    public SendStatus Send(Digest16 id, string text, PrekeyBundle? bundle, DateTimeOffset now) => _conversation.Send(
        id, EnvelopeKind.Text, Encoding.UTF8.GetBytes(text), bundle, now, Account.Random);

    public ReceiveStatus Receive((Digest16 Id, byte[] Blob) message, DateTimeOffset now) =>
        _conversation.Receive(message.Id, message.Blob, Prekeys, now, Account.Random);

    /// <summary>Makes durable what changed and does what follows; or dies before or in between.</summary>
    public void Commit(bool dieBeforeStored = false, bool dieAfterStored = false)
    {
        (byte[]? commit, IReadOnlyList<ConversationEffect> effects) = _conversation.TakeCommit();
        if (commit is not null && !dieBeforeStored)
        {
            _disk.Add([.. commit]);
        }

        if (dieBeforeStored || dieAfterStored)
        {
            Restart();
            return;
        }

        foreach (ConversationEffect effect in effects)
        {
            Perform(effect);
        }
    }

    /// <summary>The process dies and starts again from its disk.</summary>
    public void Restart()
    {
        _conversation.Dispose();
        _conversation = new Conversation(Account.Device, _peer);
        foreach (byte[] commit in _disk)
        {
            _conversation.Recover(ChangeCodec.Read(commit)!);
        }

        foreach (ConversationEffect effect in _conversation.RecoveredEffects())
        {
            Perform(effect);
        }
    }

    /// <summary>The conversation's journal is gone; keys and prekeys stay.</summary>
    public void LoseJournal()
    {
        _disk.Clear();
        Restart();
    }

    /// <summary>Commits on the disk.</summary>
    public int Commits => _disk.Count;

    /// <summary>The disk is put back to an older state.</summary>
    public void PutBack(int commits)
    {
        _disk.RemoveRange(commits, _disk.Count - commits);
        Restart();
    }

    /// <summary>Does what is due unasked, with a bundle of the peer if it needs one.</summary>
    /// <returns>Whether something was sealed.</returns>
    public bool Work(Func<PrekeyBundle?> fetch, DateTimeOffset now, SeededRandom ids)
    {
        int before = _conversation.Outbox.Unaccepted;
        bool isReceiptDue = _conversation.IsReceiptDue(now);
        SendStatus status = Try(null);
        if (status == SendStatus.NeedsBundle)
        {
            Fetches++;
            PrekeyBundle? bundle = fetch();
            if (bundle is null)
            {
                _conversation.BundleMissing(now);
            }

            status = bundle is null ? status : Try(bundle);
        }

        return status == SendStatus.Sealed && _conversation.Outbox.Unaccepted > before;

        SendStatus Try(PrekeyBundle? bundle) => isReceiptDue
            ? _conversation.SealReceipt(Digest16.Random(ids), bundle, now, Account.Random)
            : _conversation.SealAgain(bundle, now, Account.Random);
    }

    public void Compact()
    {
        Commit();
        byte[] whole = _conversation.EncodeWhole();
        _disk.Clear();
        _disk.Add(whole);
    }

    public void MarkFirst()
    {
        if (_conversation.Inbox.Ready.Count > 0)
        {
            _conversation.Mark(_conversation.Inbox.Ready.First().Place);
        }
    }

    public void Dispose()
    {
        _conversation.Dispose();
        Prekeys.Dispose();
    }

    private void Perform(ConversationEffect effect)
    {
        switch (effect)
        {
            case ConversationEffect.Stored e:
                Stored.Add(e.Id);
                break;
            case ConversationEffect.Delivered e:
                Delivered.Add(e.Id);
                break;
            case ConversationEffect.Acknowledge e:
                Mailbox.RemoveAll(message => message.Id == e.Id);
                break;
            case ConversationEffect.HistoryLost e:
                Losses.Add(e.Loss);
                break;
            case ConversationEffect.Deliver e:
                HandOver(e.Item);
                break;
            case ConversationEffect.ForgetPrekeys e:
                Prekeys.Apply(e.Spent.ToResult());
                _conversation.PrekeysForgotten();
                break;
        }
    }

    private void HandOver(InboxItem item)
    {
        if (Application.Any(known => known.Counter == item.Place))
        {
            Repeats++;
            return;
        }

        Application.Add((item.Place, Encoding.UTF8.GetString(item.Body.Span)));
    }
}
