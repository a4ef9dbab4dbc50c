using SigmaComms.Actors;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>
/// Brings this node's view up to another's before something is decided by it. One refresh from a node serves all that
/// wait for it; a view that taught nothing is not asked for again. Safe to use from any thread.
/// </summary>
internal sealed class ViewRefresh(NodeContext node)
{
    private const int PagesMax = 64;
    private const int TaughtNothingMax = 64;
    private const int EndedMax = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, Task> _running = [];
    private readonly Dictionary<NodeId, MembershipView> _taughtNothing = [];
    private NodeId[] _ended = [];

    /// <summary>Who takes in members; until it is set nothing can be learned.</summary>
    public IActorRef? Learner { get; set; }

    /// <summary>
    /// Nodes that others still count and this one, which started later, does not: their admissions have ended, or the
    /// control log has turned them out. They are passed over.
    /// </summary>
    public IReadOnlyList<NodeId> Ended => Volatile.Read(ref _ended);

    /// <summary>Whether a view of a node may tell something new.</summary>
    public bool IsWorthwhile(NodeId from, MembershipView view)
    {
        if (!view.MayExceed(node.View.Membership))
        {
            return false;
        }

        lock (_gate)
        {
            return !_taughtNothing.TryGetValue(from, out MembershipView before) || before != view;
        }
    }

    /// <summary>
    /// Learns the members of a node's view. That it cannot be had is no fault: the own view then counts.
    /// </summary>
    public Task FromAsync(NodeId from)
    {
        TaskCompletionSource done;
        lock (_gate)
        {
            if (_running.TryGetValue(from, out Task? running))
            {
                return running;
            }

            done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _running.Add(from, done.Task);
        }

        return RunAsync(from, done);
    }

    private async Task RunAsync(NodeId from, TaskCompletionSource done)
    {
        MembershipView before = node.View.Membership;
        MembershipView? theirs = null;
        try
        {
            theirs = await LearnAsync(from);
        }
        catch (Exception error) when (error is LinkException or AskTimeoutException or AskTargetTerminatedException)
        {
            node.Logger.ViewNotLearned(from.Short, error.Message);
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(from);
                if (theirs is { } view && node.View.Membership == before)
                {
                    NoteTaughtNothing(from, view);
                }
            }

            done.TrySetResult();
        }
    }

    private void NoteTaughtNothing(NodeId from, MembershipView view)
    {
        if (_taughtNothing.Count >= TaughtNothingMax)
        {
            _taughtNothing.Clear();
        }

        _taughtNothing[from] = view;
    }

    private void NoteEnded(IReadOnlyList<MemberCredential> members)
    {
        foreach (MemberCredential credential in members)
        {
            if (NodeAnnouncement.TryDecode(credential.Announcement, out NodeAnnouncement? word)
                && !node.View.Members.ContainsKey(word!.Node)
                && HasEnded(credential, word.Node))
            {
                lock (_gate)
                {
                    _ended = _ended.Length < EndedMax && !_ended.Contains(word.Node)
                        ? [.. _ended, word.Node]
                        : _ended;
                }
            }
        }
    }

    private bool HasEnded(MemberCredential credential, NodeId member) => node.Authority.IsTurnedOut(member)
        || node.Authority.Judge(credential.Admission, member, node.Time.GetUtcNow()).Refusal
            is { Reason: RefusalReason.AdmissionExpired };

    private async Task<MembershipView?> LearnAsync(NodeId from)
    {
        if (node.Links.Find(from) is not { } links || Learner is not { } learner)
        {
            return null;
        }

        NodeId after = default;
        MembershipView? view = null;
        for (int pages = 0; pages < PagesMax; pages++)
        {
            MembersPage page = await links.Bulk.RequestAsync<MembersPage>(
                new GetMembers(after), node.Options.RequestTimeout, CancellationToken.None);
            view = page.View;
            await learner.Ask<Done>(new LearnView(from, page.Members), node.Options.RequestTimeout);
            NoteEnded(page.Members);
            if (page.IsLast || page.Members.Count == 0
                || !NodeAnnouncement.TryDecode(page.Members[^1].Announcement, out NodeAnnouncement? last))
            {
                break;
            }

            after = last!.Node;
        }

        return view;
    }
}
