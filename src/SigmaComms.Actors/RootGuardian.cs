namespace SigmaComms.Actors;

/// <summary>The top of the tree: it supervises what the system itself is asked to make.</summary>
internal sealed class RootGuardian : UntypedActor
{
    protected override void Handle(object message) => Unhandled(message);
}
