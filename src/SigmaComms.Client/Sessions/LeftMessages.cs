using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>
/// Which messages of a peer are left with the mailbox, to be opened later. Few: they take the place of others' there,
/// and the peer has what is dropped instead.
/// </summary>
internal sealed class LeftMessages
{
    private const int PausesMax = 3;
    private const int LeftMax = 64;

    private readonly Dictionary<Digest16, int> _pauses = [];
    private readonly HashSet<Digest16> _blocked = [];

    /// <summary>Whether it may wait until the user has decided about the peer's identity.</summary>
    public bool MayWaitForUser(Digest16 mailboxId)
    {
        if (_blocked.Count < LeftMax)
        {
            _blocked.Add(mailboxId);
        }

        return _blocked.Contains(mailboxId);
    }

    /// <summary>
    /// Whether it may wait for the end of the pause after a forged message. One that is still too far ahead after
    /// several never opens.
    /// </summary>
    public bool MayWaitForPause(Digest16 mailboxId)
    {
        int pauses = _pauses.GetValueOrDefault(mailboxId) + 1;
        if (pauses > PausesMax || (pauses == 1 && _pauses.Count >= LeftMax))
        {
            _pauses.Remove(mailboxId);
            return false;
        }

        _pauses[mailboxId] = pauses;
        return true;
    }

    /// <summary>It is not left any more.</summary>
    public void Settled(Digest16 mailboxId)
    {
        _pauses.Remove(mailboxId);
        _blocked.Remove(mailboxId);
    }

    /// <summary>The user has decided: what was left is opened or not, and others may wait.</summary>
    public void Decided() => _blocked.Clear();
}
