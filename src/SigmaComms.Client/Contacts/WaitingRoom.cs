using SigmaComms.Client.Sessions;
using SigmaComms.Cryptography;

namespace SigmaComms.Client.Contacts;

/// <summary>
/// Messages of accounts for which nobody has vouched yet, or about which the user has to decide. Bounded well below
/// what a node sends without acknowledgement, so that strangers cannot keep the messages of others away. What has to
/// leave is acknowledged: who really wrote it has it still, and seals it again. Pure.
/// </summary>
internal sealed class WaitingRoom
{
    /// <summary>The most messages in all; then the oldest leaves.</summary>
    public const int MessagesMax = 192;

    /// <summary>The most messages of one depositing device: what a client has under way at once.</summary>
    public const int PerDeviceMax = 64;

    /// <summary>How many nodes must deny an account before its messages leave.</summary>
    public const int DenialsNeeded = 2;

    /// <summary>How long an account must be unknown before its messages leave: a minute.</summary>
    public static readonly TimeSpan DeniedAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan PauseFirst = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseLast = TimeSpan.FromMinutes(10);

    private readonly Dictionary<NodeId, WaitingAccount> _accounts = [];
    private readonly LinkedList<InboundMessage> _messages = [];

    /// <summary>Messages in the room.</summary>
    public int Count => _messages.Count;

    /// <summary>When an account should be looked up next; null for never.</summary>
    public DateTimeOffset? NextDue => _accounts.Values.Min(static account => account.NextTry);

    /// <summary>Takes a message in.</summary>
    /// <param name="message">Its header was read.</param>
    /// <param name="isBlocked">Whether the user has to decide, so that looking up does not help.</param>
    /// <param name="now">The time.</param>
    /// <returns>Who has to leave for it.</returns>
    public IReadOnlyList<InboundMessage> Add(InboundMessage message, bool isBlocked, DateTimeOffset now)
    {
        var leaving = new List<InboundMessage>();
        if (_messages.FirstOrDefault(known => known.Id == message.Id) is { } before)
        {
            // The mailbox sends everything again with each new link.
            _messages.Remove(before);
        }

        if (_messages.Count(known => known.Sender == message.Sender) >= PerDeviceMax)
        {
            return [message];
        }

        if (_messages.Count >= MessagesMax)
        {
            leaving.Add(_messages.First!.Value);
            _messages.RemoveFirst();
        }

        _messages.AddLast(message);
        if (!_accounts.TryGetValue(message.Account, out WaitingAccount? account))
        {
            _accounts.Add(message.Account, account = new WaitingAccount(now));
        }

        account.NextTry = isBlocked ? null : account.NextTry;
        ForgetEmpty();
        return leaving;
    }

    /// <summary>Whom to look up now; each is not due again before its verdict.</summary>
    public IReadOnlyList<(NodeId Account, IReadOnlySet<NodeId> DeniedBy)> TakeDue(DateTimeOffset now)
    {
        var due = new List<(NodeId, IReadOnlySet<NodeId>)>();
        foreach ((NodeId id, WaitingAccount account) in _accounts.Where(pair => pair.Value.NextTry <= now))
        {
            account.NextTry = null;
            due.Add((id, account.DeniedBy.ToHashSet()));
        }

        return due;
    }

    /// <summary>Somebody vouched for the account, or the user decided: its messages leave in their order.</summary>
    public IReadOnlyList<InboundMessage> Take(NodeId account)
    {
        InboundMessage[] messages = [.. _messages.Where(message => message.Account == account)];
        foreach (InboundMessage message in messages)
        {
            _messages.Remove(message);
        }

        _accounts.Remove(account);
        return messages;
    }

    /// <summary>A node says that there is no such account, or none that it may vouch for.</summary>
    /// <param name="account">The account.</param>
    /// <param name="by">The node; null if none answered.</param>
    /// <param name="nodesKnown">How many nodes could be asked.</param>
    /// <param name="now">The time.</param>
    /// <returns>What has to leave, since by now it is certain.</returns>
    public IReadOnlyList<InboundMessage> Deny(NodeId account, NodeId? by, int nodesKnown, DateTimeOffset now)
    {
        if (!_accounts.TryGetValue(account, out WaitingAccount? waiting))
        {
            return [];
        }

        if (by is { } node)
        {
            waiting.DeniedBy.Add(node);
        }

        bool isCertain = waiting.DeniedBy.Count >= Math.Min(DenialsNeeded, nodesKnown)
            && now - waiting.Since >= DeniedAfter;
        if (isCertain)
        {
            return Take(account);
        }

        TimeSpan pause = PauseFirst * Math.Pow(2, Math.Min(waiting.Tries++, 16));
        waiting.NextTry = now + (pause < PauseLast ? pause : PauseLast);
        return [];
    }

    /// <summary>The user has to decide about this account.</summary>
    public void Block(NodeId account)
    {
        if (_accounts.TryGetValue(account, out WaitingAccount? waiting))
        {
            waiting.NextTry = null;
        }
    }

    private void ForgetEmpty()
    {
        foreach (NodeId empty in _accounts.Keys
            .Where(id => _messages.All(message => message.Account != id)).ToArray())
        {
            _accounts.Remove(empty);
        }
    }
}
