using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence.EventSourcing;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// Supervises one actor per mailbox that is in use. A mailbox is woken by the first message for it, and for a visit
/// when its messages must be looked after; it is put to sleep when it is idle, or when others need its place. While it
/// falls asleep its messages are held back, so that none is lost and none overtakes another.
/// </summary>
internal sealed class MailboxesActor : ReceiveActor
{
    private const int VisitsMax = 32;
    private const int HallMax = 4_096;
    private const int EvictedAtOnce = 16;
    private static readonly TimeSpan VisitTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HallTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CareInterval = TimeSpan.FromMinutes(1);

    private readonly NodeContext _node;
    private readonly MailboxSlots _slots = new();
    private readonly SleepingMailboxes _sleeping;
    private readonly WaitingHall _hall = new(HallMax);
    private readonly HashSet<NodeId> _visiting = [];

    public MailboxesActor(NodeContext node)
    {
        _node = node;
        _sleeping = new SleepingMailboxes(node);
        Receive<ForMailbox>(OnMessage);
        Receive<ViewChanged>(OnViewChanged);
        Receive<Listed>(OnListed);
        Receive<MailboxSettled>(OnSettled);
        Receive<MailboxIdle>(idle => PutToSleep(idle.Device));
        Receive<MailboxAwake>(OnAwake);
        Receive<MailboxAsleep>(OnAsleep);
        Receive<MailboxEnded>(OnEnded);
        Receive<ListAgain>(_ => List());
        Receive<Tick>(_ => OnTick());
        Receive<CareTick>(_ => OnCare());
    }

    /// <summary>
    /// A mailbox that failed reads its journal again after a growing wait, up to ten times in a minute, and without a
    /// limit while the store is away. Then it is stopped; the next message for it, or the next look after those that
    /// sleep, makes a new one.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy => new OneForOneStrategy(
        10,
        TimeSpan.FromMinutes(1),
        _ => Directive.Restart,
        new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), 0.5, TimeSpan.FromMinutes(1)))
    {
        Counts = static cause => !RecoveringStrategy.IsOutage(cause),
    };

    protected override ValueTask PreStart()
    {
        List();
        Context.Timers.StartPeriodic(nameof(Tick), new Tick(), TickInterval);
        Context.Timers.StartPeriodic(nameof(CareTick), new CareTick(), CareInterval);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask PostStop()
    {
        _sleeping.Clear();
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

        foreach (NodeId device in listed.Devices.Where(device => !_slots.Contains(device)))
        {
            _sleeping.AddUnread(device);
        }

        Visit();
    }

    /// <summary>
    /// While the journal is left alone nobody waits for it in vain: a refusal sends them to another node. What is known
    /// already, and what is acknowledged, needs no journal at once.
    /// </summary>
    private Refused? ObjectionTo(ForMailbox message) => message.Message switch
    {
        StoreMessages => _node.Gate.WriteObjection,
        OpenSubscription => _node.Gate.ReadObjection,
        OfferMessages when !_slots.Contains(message.Device) => _node.Gate.ReadObjection,
        _ => null,
    };

    private void OnMessage(ForMailbox message)
    {
        if (ObjectionTo(message) is { } objection)
        {
            Sender?.Tell(objection);
            return;
        }

        var request = new WaitingRequest(message.Device, message.Message, Sender, _node.Now);
        if (_slots.TryFind(message.Device, out MailboxSlot? slot))
        {
            Pass(slot, request);
        }
        else if (message.Message is CloseSubscription)
        {
            // Nobody reads from a mailbox that sleeps.
        }
        else if (_hall.IsEmpty && _slots.Count < _node.Options.MailboxActorsMax)
        {
            Pass(message.Message is OfferMessages ? WakeForVisit(message.Device) : Wake(message.Device), request);
        }
        else if (_hall.TryEnter(request))
        {
            MakeRoom();
        }
        else
        {
            Refuse(request);
        }
    }

    private void Pass(MailboxSlot slot, WaitingRequest request)
    {
        _slots.Touch(slot);
        if (request.Message is not OfferMessages)
        {
            // Somebody needs it, and may again. An offer of another node is a look at what is here, as a visit is.
            EndVisit(slot);
        }

        if (!slot.TryPass(request))
        {
            Refuse(request);
        }
    }

    private static void Refuse(WaitingRequest request) => request.Sender?.Tell(new Refused(
        RefusalReason.Overloaded, "this node has as many mailboxes open as it may; try again"));

    private MailboxSlot Wake(NodeId device)
    {
        _sleeping.Remove(device);
        IActorRef actor = Context.ActorOf(Props.Create(() => new MailboxActor(_node, device)), device.ToString());
        Context.WatchWith(actor, new MailboxEnded(device));
        var slot = new MailboxSlot(device, actor);
        _slots.Add(slot);
        return slot;
    }

    private void Visit()
    {
        while (_visiting.Count < VisitsMax && _hall.IsEmpty && _slots.Count < _node.Options.MailboxActorsMax
            && _sleeping.TryTakeDue(out NodeId device))
        {
            if (!_slots.Contains(device))
            {
                WakeForVisit(device);
            }
        }
    }

    private MailboxSlot WakeForVisit(NodeId device)
    {
        MailboxSlot slot = Wake(device);
        slot.VisitedSince = _node.Now;
        _visiting.Add(device);
        return slot;
    }

    private void EndVisit(MailboxSlot slot)
    {
        slot.VisitedSince = null;
        _visiting.Remove(slot.Device);
    }

    private void MakeRoom()
    {
        foreach (MailboxSlot slot in _slots.ByUse.Where(slot => !slot.IsFallingAsleep).Take(EvictedAtOnce).ToArray())
        {
            slot.PutToSleep();
        }
    }

    private void OnSettled(MailboxSettled settled)
    {
        if (_visiting.Contains(settled.Device))
        {
            PutToSleep(settled.Device);
        }
    }

    private void PutToSleep(NodeId device)
    {
        if (_slots.TryFind(device, out MailboxSlot? slot))
        {
            slot.PutToSleep();
        }
    }

    private void OnAwake(MailboxAwake awake)
    {
        if (_slots.TryFind(awake.Device, out MailboxSlot? slot))
        {
            _slots.Touch(slot);
            slot.StayAwake();
        }
    }

    private void OnAsleep(MailboxAsleep asleep)
    {
        if (_slots.TryFind(asleep.Device, out MailboxSlot? slot))
        {
            slot.Asleep = asleep.State;
        }
    }

    private void OnEnded(MailboxEnded ended)
    {
        if (!_slots.TryFind(ended.Device, out MailboxSlot? slot))
        {
            return;
        }

        EndVisit(slot);
        _slots.Remove(ended.Device);
        if (slot.Asleep is { } state)
        {
            _sleeping.Add(ended.Device, state);
        }
        else
        {
            // It failed too often. What it holds must not be forgotten: it is tried again in a while.
            _sleeping.AddFailed(ended.Device);
        }

        IReadOnlyList<WaitingRequest> held = slot.TakeHeld();
        if (held.Count > 0)
        {
            MailboxSlot again = Wake(ended.Device);
            foreach (WaitingRequest request in held)
            {
                Pass(again, request);
            }
        }

        AdmitFromHall();
        Visit();
    }

    private void AdmitFromHall()
    {
        while (!_hall.IsEmpty && _slots.Count < _node.Options.MailboxActorsMax)
        {
            foreach (WaitingRequest request in _hall.TakeNext())
            {
                Pass(_slots.TryFind(request.Device, out MailboxSlot? slot) ? slot : Wake(request.Device), request);
            }
        }
    }

    private void OnViewChanged(ViewChanged changed)
    {
        foreach (MailboxSlot slot in _slots.ByUse)
        {
            slot.Actor.Tell(changed);
        }

        _sleeping.NoteView();
        Visit();
    }

    private void OnTick()
    {
        foreach (WaitingRequest late in _hall.TakeOlderThan(_node.Now - HallTime))
        {
            Refuse(late);
        }

        if (!_hall.IsEmpty)
        {
            MakeRoom();
        }

        foreach (NodeId device in _visiting.ToArray())
        {
            if (_slots.TryFind(device, out MailboxSlot? slot) && _node.Now - slot.VisitedSince > VisitTime)
            {
                // It could not settle in time: others have their turn, and it comes again.
                slot.PutToSleep();
            }
        }

        Visit();
    }

    private void OnCare()
    {
        _sleeping.NoteTime();
        Visit();
    }

    private sealed record Listed(IReadOnlyList<NodeId> Devices, string? Problem);

    private sealed record MailboxEnded(NodeId Device);

    private sealed record ListAgain;

    private sealed record Tick;

    private sealed record CareTick;
}
