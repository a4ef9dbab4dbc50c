using System.Text;
using SigmaComms.Actors;
using SigmaComms.Persistence.EventSourcing;

namespace SigmaComms.Persistence.Tests.EventSourcing;

/// <summary>Keeps words, in order. A command is a function that runs in it and gives the answer.</summary>
internal sealed class Ledger(LedgerSettings settings) : EventSourcedActor<string>(settings.Store)
{
    /// <summary>The answer of a command that gives none.</summary>
    public static readonly object NoAnswer = new();

    private const char Separator = '|';

    private readonly List<string> _words = [];

    /// <summary>Runs in the ledger; its result is the answer.</summary>
    public sealed record Command(Func<Ledger, ValueTask<object>> Run);

    public string Words => string.Join(' ', _words);

    /// <summary>What is only in memory and gone with the instance.</summary>
    public string Memory { get; set; } = "";

    public string? SnapshotFailure { get; private set; }

    public new long LastSequence => base.LastSequence;

    public new bool IsRecovering => base.IsRecovering;

    public new IActorContext Context => base.Context;

    public new IActorRef? Sender => base.Sender;

    protected override string PersistenceId => settings.Id;

    protected override int SnapshotEvery => settings.SnapshotEvery;

    protected override bool RecoversFromSnapshot => settings.RecoversFromSnapshot;

    protected override bool NeedsNoDeletedEvents => settings.NeedsNoDeletedEvents;

    protected override long? WriterEpoch => settings.WriterEpoch;

    public ValueTask Add(string word) => Persist(word);

    public ValueTask AddAll(params string[] words) => PersistAll(words);

    public ValueTask<bool> Snap() => SaveSnapshot();

    public ValueTask Forget(long to) => DeleteEvents(to);

    protected override NewEvent Encode(string domainEvent)
    {
        settings.OnEncode?.Invoke(domainEvent);
        return new NewEvent(1, 2, Encoding.UTF8.GetBytes(domainEvent));
    }

    protected override string Decode(JournalEvent stored)
    {
        string text = Encoding.UTF8.GetString(stored.Payload.Span);
        return (stored.TypeId, stored.Version) switch
        {
            (1, 2) => text,
            (1, 1) => text.ToUpperInvariant(),
            _ => throw new InvalidDataException($"type {stored.TypeId} is not known"),
        };
    }

    protected override void Apply(string domainEvent)
    {
        settings.OnApply?.Invoke(this, domainEvent);
        _words.Add(domainEvent);
    }

    protected override Snapshot? TakeSnapshot() =>
        new(LastSequence, 7, 1, Encoding.UTF8.GetBytes(string.Join(Separator, _words)));

    protected override void Restore(Snapshot snapshot)
    {
        settings.OnRestore?.Invoke();
        _words.AddRange(Encoding.UTF8.GetString(snapshot.Payload.Span).Split(Separator));
    }

    protected override ValueTask OnRecovered() => settings.OnRecovered?.Invoke(this) ?? ValueTask.CompletedTask;

    protected override void OnSnapshotFailed(JournalException failure) => SnapshotFailure = failure.Message;

    protected override async ValueTask OnCommand(object message)
    {
        IActorRef? asker = Sender;
        if (message is not Command command)
        {
            Unhandled(message);
            return;
        }

        object answer = await command.Run(this);
        if (answer != NoAnswer)
        {
            asker?.Tell(answer, Self);
        }
    }
}
