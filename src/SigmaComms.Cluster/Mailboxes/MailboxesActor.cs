using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// Supervises one actor per mailbox: makes it at the first message, and at the start if it holds any.
/// </summary>
internal sealed class MailboxesActor : ReceiveActor
{
    private readonly NodeContext _node;
    private readonly Dictionary<NodeId, IActorRef> _mailboxes = [];

    public MailboxesActor(NodeContext node)
    {
        _node = node;
        Receive<ForMailbox>(message => Find(message.Device).Tell(message.Message, Sender));
        Receive<ViewChanged>(OnViewChanged);
        Receive<Listed>(OnListed);
        Receive<MailboxEnded>(ended => _mailboxes.Remove(ended.Device));
        Receive<ListAgain>(_ => List());
    }

    /// <summary>
    /// A mailbox that failed reads its journal again after a growing wait, up to ten times in a minute. Then it is
    /// stopped; the next message for it makes a new one.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy => new OneForOneStrategy(
        10,
        TimeSpan.FromMinutes(1),
        _ => Directive.Restart,
        new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), 0.5, TimeSpan.FromMinutes(1)));

    protected override ValueTask PreStart()
    {
        List();
        return ValueTask.CompletedTask;
    }

    private void List() => Context.PipeToSelf(
        ListAsync(Context.StopToken), devices => new Listed(devices, null), error => new Listed([], error.Message));

    private async Task<IReadOnlyList<NodeId>> ListAsync(CancellationToken ct)
    {
        var devices = new List<NodeId>();
        await foreach (string id in _node.Journal.PersistenceIdsAsync(MailboxJournal.Prefix, ct))
        {
            if (NodeId.TryParse(id[MailboxJournal.Prefix.Length..], out NodeId device))
            {
                devices.Add(device);
            }
        }

        return devices;
    }

    private void OnListed(Listed listed)
    {
        if (listed.Problem is { } problem)
        {
            _node.Logger.MailboxesNotListed(problem);
            Context.Timers.StartSingle(nameof(ListAgain), new ListAgain(), TimeSpan.FromSeconds(1));
            return;
        }

        foreach (NodeId device in listed.Devices)
        {
            Find(device);
        }
    }

    private void OnViewChanged(ViewChanged changed)
    {
        foreach (IActorRef mailbox in _mailboxes.Values)
        {
            mailbox.Tell(changed);
        }
    }

    private IActorRef Find(NodeId device)
    {
        if (!_mailboxes.TryGetValue(device, out IActorRef? mailbox))
        {
            mailbox = Context.ActorOf(Props.Create(() => new MailboxActor(_node, device)), device.ToString());
            _mailboxes.Add(device, mailbox);
            Context.WatchWith(mailbox, new MailboxEnded(device));
        }

        return mailbox;
    }

    private sealed record Listed(IReadOnlyList<NodeId> Devices, string? Problem);

    private sealed record MailboxEnded(NodeId Device);

    private sealed record ListAgain;
}
