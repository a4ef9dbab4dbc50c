using SigmaComms.Client.Sessions;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Contacts;

/// <summary>
/// Messages of accounts for which nobody has vouched yet, or about which the user has to decide. Bounded well below
/// what a node sends without acknowledgement, so that strangers cannot keep the messages of others away. What finds no
/// place while its account is being looked up stays in the mailbox, and only its id is noted: a burst of somebody new
/// must not be lost for the hour after which its writer seals it again. What has to leave for good is acknowledged.
/// Pure.
/// </summary>
internal sealed class WaitingRoom
{
    /// <summary>The most messages in all; then the oldest leaves.</summary>
    public const int MessagesMax = 192;

    /// <summary>The most messages of one depositing device: what a client has under way at once.</summary>
    public const int PerDeviceMax = 64;

    /// <summary>The most messages in all that are left in the mailbox; further ones leave for good.</summary>
    public const int PostponedMax = 1_024;

    /// <summary>The most of one account: what a node sends of one device without acknowledgement.</summary>
    public const int PostponedPerAccountMax = 256;

    /// <summary>How many nodes must deny an account before its messages leave.</summary>
    public const int DenialsNeeded = 2;

    /// <summary>How long an account must be unknown before its messages leave: a minute.</summary>
    public static readonly TimeSpan DeniedAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan PauseFirst = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseLast = TimeSpan.FromMinutes(10);

    private readonly Dictionary<NodeId, WaitingAccount> _accounts = [];
    private readonly LinkedList<InboundMessage> _messages = [];
    private readonly Dictionary<NodeId, HashSet<Digest16>> _postponed = [];

    /// <summary>Messages in the room.</summary>
    public int Count => _messages.Count;

    /// <summary>Whether it is not decided yet what becomes of the account's messages.</summary>
    public bool IsWaiting(NodeId account) => _accounts.ContainsKey(account);

    /// <summary>When an account should be looked up next; null for never.</summary>
    public DateTimeOffset? NextDue => _accounts.Values.Min(static account => account.NextTry);

    /// <summary>Takes a message in.</summary>
    /// <param name="message">Its header was read.</param>
    /// <param name="isBlocked">Whether the user has to decide, so that looking up does not help.</param>
    /// <param name="now">The time.</param>
    /// <returns>What has to leave for good.</returns>
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
            return !isBlocked && TryPostpone(message) ? [] : [message];
        }

        if (_messages.Count >= MessagesMax)
        {
            InboundMessage oldest = _messages.First!.Value;
            _messages.RemoveFirst();
            if (!TryPostpone(oldest))
            {
                leaving.Add(oldest);
            }
        }

        _messages.AddLast(message);
        if (!_accounts.TryGetValue(message.Account, out WaitingAccount? account))
        {
            _accounts.Add(message.Account, account = new WaitingAccount(now));
        }

        if (isBlocked)
        {
            Block(message.Account);
        }

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

    /// <summary>The ids of the account's messages that were left in the mailbox; they are noted no longer.</summary>
    public IReadOnlyList<Digest16> TakePostponed(NodeId account) =>
        _postponed.Remove(account, out HashSet<Digest16>? ids) ? [.. ids] : [];

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
            waiting.IsBlocked = true;
            waiting.NextTry = null;
        }
    }

    // Only while somebody may still vouch for the account: what the user has to decide about may wait for ever.
    private bool TryPostpone(InboundMessage message)
    {
        bool isLookedUp = _accounts.TryGetValue(message.Account, out WaitingAccount? account) && !account.IsBlocked;
        if (!isLookedUp || _postponed.Values.Sum(static ids => ids.Count) >= PostponedMax)
        {
            return false;
        }

        if (!_postponed.TryGetValue(message.Account, out HashSet<Digest16>? postponed))
        {
            _postponed.Add(message.Account, postponed = []);
        }

        return postponed.Contains(message.Id)
            || (postponed.Count < PostponedPerAccountMax && postponed.Add(message.Id));
    }

    private void ForgetEmpty()
    {
        foreach (NodeId empty in _accounts.Keys
            .Where(id => !_postponed.ContainsKey(id) && _messages.All(message => message.Account != id)).ToArray())
        {
            _accounts.Remove(empty);
        }
    }
}
