using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Client.Contacts;
using SigmaComms.Client.Links;
using SigmaComms.Client.Prekeys;
using SigmaComms.Client.Sessions;

namespace SigmaComms.Client;

/// <summary>
/// Root of the client's actors. Strategy: one for one; a failed child starts again from its journal after a growing
/// wait. Until everything is read for the first time, a failure stops it all and is told to who opened the client.
/// </summary>
internal sealed class ClientActor : ReceiveActor
{
    private readonly ClientContext _client;
    private readonly HashSet<string> _awaited = [nameof(PrekeyActor), nameof(ContactActor)];
    private IActorRef? _prekeys;
    private IActorRef? _sessions;

    /// <summary>Made by the client.</summary>
    public ClientActor(ClientContext client)
    {
        _client = client;
        SupervisorStrategy = new OneForOneStrategy(
            MaxRetries: -1,
            Within: TimeSpan.FromMinutes(1),
            Decider: Decide,
            Backoff: new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), 0.2, TimeSpan.FromMinutes(1)));
        Receive<ChildReady>(OnChildReady);
        Receive<LinkUp>(TellAll);
        Receive<LinkDown>(TellAll);
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy { get; }

    /// <inheritdoc/>
    protected override ValueTask PreStart()
    {
        _client.Link = Context.ActorOf(Props.Create(() => new LinkActor(_client)), "link");
        _client.Sessions = _sessions = Context.ActorOf(Props.Create(() => new SessionsActor(_client)), "sessions");
        _client.PrekeyKeeper = _prekeys = Context.ActorOf(Props.Create(() => new PrekeyActor(_client)), "prekeys");
        _client.ContactKeeper = Context.ActorOf(Props.Create(() => new ContactActor(_client)), "contacts");
        return ValueTask.CompletedTask;
    }

    private Directive Decide(Exception failure)
    {
        Exception cause = failure is ActorInitializationException { InnerException: { } inner } ? inner : failure;
        if (_client.Ready.TrySetException(new ClientException(
            ClientFailure.Disk, $"What this identity stored cannot be read: {cause.Message}", cause)))
        {
            return Directive.Stop;
        }

        _client.Logger.ChildFailed(cause);
        return Directive.Restart;
    }

    private void OnChildReady(ChildReady ready)
    {
        if (_awaited.Remove(ready.Child) && _awaited.Count == 0)
        {
            _client.Ready.TrySetResult();
            _client.Link.Tell(new StartLink());
        }
    }

    private void TellAll(object message)
    {
        _prekeys?.Tell(message);
        _sessions?.Tell(message);
    }
}
