using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Sessions;

/// <summary>Two sides, a clock, and a cluster that does to each deposit what the test says.</summary>
internal sealed class ConversationPair : IDisposable
{
    private readonly SeededRandom _ids;

    public ConversationPair(ulong seed)
    {
        _ids = new SeededRandom(seed);
        var alpha = new TestAccount("alpha", 100 + seed);
        var beta = new TestAccount("beta", 200 + seed);
        Alpha = new ConversationSide(alpha, beta.Remote);
        Beta = new ConversationSide(beta, alpha.Remote);
    }

    public ConversationSide Alpha { get; }

    public ConversationSide Beta { get; }

    public DateTimeOffset Now { get; set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What the mailbox keeps of a deposit for a side; null for nothing.</summary>
    public Func<ConversationSide, byte[], byte[]?> Keeps { get; set; } = static (_, blob) => blob;

    /// <summary>The bundle of a side that the directory gives.</summary>
    public Func<ConversationSide, PrekeyBundle?>? Bundles { get; set; }

    /// <summary>How many deposits the cluster took from each side.</summary>
    public Dictionary<ConversationSide, int> Deposits { get; } = [];

    /// <summary>Everything that was ever deposited for a side.</summary>
    public List<(ConversationSide To, Digest16 Id, byte[] Blob)> Seen { get; } = [];

    public void Dispose()
    {
        Alpha.Dispose();
        Beta.Dispose();
    }

    public Digest16 Send(ConversationSide from, string text)
    {
        Digest16 id = NewId();
        SendStatus status = from.Send(id, text, null, Now);
        if (status == SendStatus.NeedsBundle)
        {
            status = from.Send(id, text, BundleOf(Other(from)), Now);
        }

        Assert.Equal(SendStatus.Sealed, status);
        from.Commit();
        return id;
    }

    /// <summary>Until both have a session and nothing is under way.</summary>
    public void Begin()
    {
        Send(Alpha, "first");
        Settle(TimeSpan.FromMinutes(1));
        Send(Beta, "first back");
        Settle(TimeSpan.FromMinutes(1));
    }

    /// <summary>Brings what is in the outboxes to the other side, as long as there is something.</summary>
    public void Exchange()
    {
        while (Deposit(Alpha) | Deposit(Beta) | Deliver(Alpha) | Deliver(Beta))
        {
        }
    }

    /// <summary>Lets both do what is due, until nothing more is or the time is over.</summary>
    /// <returns>How much time it took.</returns>
    public TimeSpan Settle(TimeSpan atMost)
    {
        DateTimeOffset start = Now;
        DateTimeOffset end = Now + atMost;
        Exchange();
        while (!IsSettled && NextWork is { } next && next <= end)
        {
            Now = next > Now ? next : Now;
            Work(Alpha);
            Work(Beta);
            Exchange();
        }

        return Now - start;
    }

    public Digest16 NewId() => Digest16.Random(_ids);

    public ConversationSide Other(ConversationSide side) => side == Alpha ? Beta : Alpha;

    private bool IsSettled => Alpha.Conversation.Outbox.Count == 0 && Beta.Conversation.Outbox.Count == 0
        && !Alpha.Conversation.IsReceiptDue(Now) && !Beta.Conversation.IsReceiptDue(Now);

    private DateTimeOffset? NextWork =>
        new[] { Alpha, Beta }.Min(side => side.Conversation.NextWorkUnixMs) is { } next
            ? DateTimeOffset.FromUnixTimeMilliseconds(next)
            : null;

    private void Work(ConversationSide side)
    {
        if (side.Conversation.NextWorkUnixMs <= Now.ToUnixTimeMilliseconds())
        {
            side.Work(() => BundleOf(Other(side)), Now, _ids);
            side.Commit();
        }
    }

    private PrekeyBundle? BundleOf(ConversationSide side) =>
        Bundles is null ? side.Publish(Now, lastResort: false) : Bundles(side);

    private bool Deposit(ConversationSide from)
    {
        IReadOnlyList<OutboxEntry> entries = from.Conversation.Outbox.NextDeposits(64);
        ConversationSide to = Other(from);
        foreach (OutboxEntry entry in entries)
        {
            byte[] blob = entry.Ciphertext.Bytes.ToArray();
            Seen.Add((to, entry.Ciphertext.DepositId, blob));
            if (Keeps(to, blob) is { } kept)
            {
                to.Mailbox.Add((entry.Ciphertext.DepositId, kept));
            }

            Deposits[from] = Deposits.GetValueOrDefault(from) + 1;
            from.Conversation.DepositDone(entry.Ciphertext.DepositId, Now);
        }

        from.Commit();
        return entries.Count > 0;
    }

    private bool Deliver(ConversationSide to)
    {
        (Digest16 Id, byte[] Blob)[] held = [.. to.Mailbox];
        foreach ((Digest16 Id, byte[] Blob) message in held)
        {
            to.Receive(message, Now);
        }

        to.Commit();
        return to.Mailbox.Count < held.Length;
    }
}
