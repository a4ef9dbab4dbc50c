using SigmaComms.Actors.Health;

namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>Hears of the failures of actors, in the middle of the step in which they are decided about.</summary>
internal sealed class FaultWatch(ExploredRun run) : IActorRef
{
    public ActorPath Path { get; } = new("test", "/temp/faults", 0);

    public void Tell(object message, IActorRef? sender = null) => TryTell(message, sender);

    public SendResult TryTell(object message, IActorRef? sender = null)
    {
        if (message is ActorFailed failed)
        {
            run.Fail(new ScenarioFaultException(
                $"{failed.Actor.Elements} failed: {failed.Cause.GetType().Name}: {failed.Cause.Message}",
                failed.Cause) { Kind = FaultKind.ActorFailed });
        }
        else if (message is SystemFailed system)
        {
            run.Fail(new ScenarioFaultException(
                $"{system.Actor.Elements} failed the system: {system.Cause.Message}", system.Cause)
            {
                Kind = FaultKind.SystemFailed,
            });
        }

        return SendResult.Accepted;
    }

    public ValueTask<SendResult> TellAsync(
        object message, IActorRef? sender = null, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(TryTell(message, sender));

    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);
}
