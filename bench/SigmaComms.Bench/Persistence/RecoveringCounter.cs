using SigmaComms.Actors;
using SigmaComms.Persistence;
using SigmaComms.Persistence.EventSourcing;

namespace SigmaComms.Bench.Persistence;

/// <summary>An event-sourced actor that counts its events; its first answer comes after its recovery.</summary>
internal sealed class RecoveringCounter(EventStore store, string persistenceId) : EventSourcedActor<object>(store)
{
    private long _count;

    protected override string PersistenceId => persistenceId;

    /// <summary>Recovers one and gives how many events it applied.</summary>
    public static async Task<long> RunAsync(IJournal journal, ISnapshotStore snapshots, string persistenceId)
    {
        using var store = new EventStore(journal, snapshots);
        await using var system = new ActorSystem("bench", new ActorSystemOptions());
        IActorRef counter = system.ActorOf(Props.Create(() => new RecoveringCounter(store, persistenceId)));
        return await counter.Ask<long>("count", TimeSpan.FromMinutes(5));
    }

    protected override NewEvent Encode(object domainEvent) => new(1, 1, default);

    protected override object Decode(JournalEvent stored) => stored;

    protected override void Apply(object domainEvent) => _count++;

    protected override ValueTask OnCommand(object message)
    {
        Sender?.Tell(_count, Self);
        return ValueTask.CompletedTask;
    }
}
