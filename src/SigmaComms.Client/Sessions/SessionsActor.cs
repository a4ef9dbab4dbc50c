using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Client.Links;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Sessions;

/// <summary>
/// Supervises the sessions, one for each device of a peer. Strategy: one for one; a failed session starts again from
/// its journal after a growing wait, for as long as it takes, since giving up would lose what waits in its outbox.
/// </summary>
internal sealed class SessionsActor : ReceiveActor
{
    private readonly ClientContext _client;
    private readonly Dictionary<ConversationKey, IActorRef> _sessions = [];

    /// <summary>Made by its supervisor.</summary>
    public SessionsActor(ClientContext client)
    {
        _client = client;
        Receive<ToSession>(message => SessionOf(message.Remote, message.Peer).Tell(message.Input));
        Receive<ToOpenSession>(OnToOpenSession);
        Receive<LinkUp>(TellAll);
        Receive<LinkDown>(TellAll);
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy { get; } = new OneForOneStrategy(
        MaxRetries: -1,
        Within: TimeSpan.FromMinutes(1),
        Decider: static _ => Directive.Restart,
        Backoff: new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), 0.2, TimeSpan.FromMinutes(1)));

    private void OnToOpenSession(ToOpenSession message)
    {
        if (_sessions.TryGetValue(message.Key, out IActorRef? session))
        {
            session.Tell(message.Input);
            return;
        }

        SessionDesk.Fail(message.Input, new ClientException(ClientFailure.Closed, "This conversation is not open."));
    }

    private void TellAll(object message)
    {
        foreach (IActorRef session in _sessions.Values)
        {
            session.Tell(message);
        }
    }

    private IActorRef SessionOf(RemoteDevice remote, string peer)
    {
        var key = new ConversationKey(remote.AccountId, remote.DeviceId);
        if (_sessions.TryGetValue(key, out IActorRef? session))
        {
            return session;
        }

        SessionDesk desk = _client.Desks.GetOrAdd(key, static _ => new SessionDesk());
        session = Context.ActorOf(
            Props.Create(() => new SessionActor(_client, remote, peer, desk)),
            $"{peer}-{remote.DeviceId.Short}-{_sessions.Count}");
        _sessions.Add(key, session);
        return session;
    }
}
