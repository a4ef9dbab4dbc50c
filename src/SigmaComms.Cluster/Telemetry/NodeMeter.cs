using System.Diagnostics.Metrics;
using SigmaComms.Actors;
using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Telemetry;

/// <summary>
/// The figures of one node under OpenTelemetry's names and units. Labels are bounded: types of messages and actors,
/// outcomes; never an actor, a peer or an account. Costs next to nothing while nobody listens. Safe to use from any
/// thread.
/// </summary>
internal sealed class NodeMeter : IDisposable
{
    private const int TypesMax = 64;
    private const string OtherTypes = "other";

    private static readonly InstrumentAdvice<double> RequestBuckets =
        new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    private static readonly InstrumentAdvice<double> DeliveryBuckets = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 600, 3600, 86400],
    };

    private readonly Meter _meter = new(NodeFigures.MeterName);
    private readonly Counter<long> _sent;
    private readonly Histogram<double> _delivery;
    private readonly Histogram<double> _requests;
    private readonly Histogram<double> _appends;
    private readonly Counter<long> _events;
    private readonly Counter<long> _restarts;
    private readonly Counter<long> _failures;
    private IReadOnlyList<(string Type, long Count, long Waiting)> _actors = [];

    public NodeMeter()
    {
        _sent = _meter.CreateCounter<long>(
            "sigma.messages.sent", "{message}", "Messages that clients deposited, by outcome.");
        _delivery = _meter.CreateHistogram(
            "sigma.message.delivery.duration", "s",
            "From the moment a message is stored on this node until its recipient acknowledged it.", tags: null,
            DeliveryBuckets);
        _requests = _meter.CreateHistogram(
            "sigma.client.request.duration", "s", "Requests of clients, by type and outcome.", tags: null,
            RequestBuckets);
        _appends = _meter.CreateHistogram(
            "sigma.journal.append.duration", "s", "Durable writes to the journal, by outcome.", tags: null,
            RequestBuckets);
        _events = _meter.CreateCounter<long>("sigma.journal.events", "{event}", "Events written to the journal.");
        _restarts = _meter.CreateCounter<long>("sigma.actor.restarts", "{restart}", "Restarts of actors, by type.");
        _failures = _meter.CreateCounter<long>("sigma.actor.failures", "{failure}", "Failures of actors, by type.");
    }

    /// <summary>Whether somebody wants to know how long things take.</summary>
    public bool TimesRequests => _requests.Enabled || _sent.Enabled;

    /// <summary>Whether somebody wants to know how long writes take.</summary>
    public bool TimesAppends => _appends.Enabled || _events.Enabled;

    public void NoteRequest(LinkMessage request, LinkMessage answer, TimeSpan took)
    {
        string outcome = answer is Refused refused ? $"{refused.Reason}" : "ok";
        _requests.Record(
            took.TotalSeconds,
            new KeyValuePair<string, object?>("type", request.GetType().Name),
            new KeyValuePair<string, object?>("outcome", outcome));
        if (request is Deposit)
        {
            _sent.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    /// <summary>A message is gone from its mailbox.</summary>
    /// <param name="storedAt">When it came; zero if that is not known, or if it was not delivered.</param>
    /// <param name="now">The present.</param>
    public void NoteDelivery(TimeSpan storedAt, TimeSpan now)
    {
        if (storedAt > TimeSpan.Zero)
        {
            _delivery.Record((now - storedAt).TotalSeconds);
        }
    }

    public void NoteAppend(int events, bool stored, TimeSpan took)
    {
        _appends.Record(
            took.TotalSeconds, new KeyValuePair<string, object?>("outcome", stored ? "ok" : "failed"));
        _events.Add(stored ? events : 0);
    }

    public void NoteRestart(string type) => _restarts.Add(1, new KeyValuePair<string, object?>("type", type));

    public void NoteFailure(string type) => _failures.Add(1, new KeyValuePair<string, object?>("type", type));

    /// <summary>Keeps the figures of a tree for the next listener: walking it anew for each would cost more.</summary>
    public void Show(TreeSnapshot tree)
    {
        List<(string Type, long Count, long Waiting)> types = [];
        foreach (IGrouping<string, ActorSnapshot> type in tree.All.GroupBy(static actor => actor.Type))
        {
            types.Add((type.Key, type.LongCount(), type.Sum(static actor => (long)actor.Depth)));
        }

        types.Sort(static (a, b) => b.Count.CompareTo(a.Count));
        if (types.Count > TypesMax)
        {
            (string, long, long) rest = (
                OtherTypes, types.Skip(TypesMax).Sum(static type => type.Count),
                types.Skip(TypesMax).Sum(static type => type.Waiting));
            types = [.. types.Take(TypesMax), rest];
        }

        Volatile.Write(ref _actors, types);
    }

    /// <summary>Begins to tell what is read rather than counted.</summary>
    public void Observe(NodeContext node, ActorSystem system, Func<NodeHealth> health)
    {
        Gauge("sigma.links", "{link}", "Nodes with usable links.", () => node.Links.Peers.Count());
        Gauge("sigma.members", "{node}", "Nodes admitted.", () => node.View.Count);
        Gauge("sigma.members.up", "{node}", "Nodes that can be used now, this one included.", () => node.View.UpCount);
        Gauge("sigma.clients", "{client}", "Clients connected.", () => health().Clients);
        Gauge("sigma.mailboxes", "{mailbox}", "Mailboxes with messages.", () => node.Counters.Mailboxes);
        Gauge("sigma.mailboxes.size", "By", "Bytes in all mailboxes.", () => node.Counters.MailboxBytes);
        _meter.CreateObservableCounter(
            "sigma.storage.failures", () => node.Counters.StorageFailures, "{write}", "Writes that failed.");
        _meter.CreateObservableCounter(
            "sigma.dead_letters", () => system.DeadLetters.Count, "{message}", "Messages that nobody handled.");
        _meter.CreateObservableGauge(
            "sigma.actors", () => ByType(static type => type.Count), "{actor}", "Actors, by type.");
        _meter.CreateObservableGauge(
            "sigma.actor.mailbox.depth", () => ByType(static type => type.Waiting), "{message}",
            "Messages that wait for actors, by type.");
        if (node.Control is { } control)
        {
            RepairMeters.Observe(_meter, node.Repairs);
            ControlFigures.Observe(_meter, control);
        }

        if (node.Storage is { } storage)
        {
            FragmentFigures.Observe(_meter, storage);
        }

        _meter.CreateObservableGauge(
            "process.memory.usage", static () => Environment.WorkingSet, "By", "Memory of the process.");
        _meter.CreateObservableCounter(
            "process.cpu.time", static () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time used.");
    }

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string unit, string description, Func<long> read) =>
        _meter.CreateObservableGauge(name, read, unit, description);

    private List<Measurement<long>> ByType(Func<(string Type, long Count, long Waiting), long> figure) =>
        [.. Volatile.Read(ref _actors).Select(type => new Measurement<long>(
            figure(type), new KeyValuePair<string, object?>("type", type.Type)))];
}
