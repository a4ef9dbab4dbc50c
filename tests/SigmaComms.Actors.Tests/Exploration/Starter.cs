namespace SigmaComms.Actors.Tests.Exploration;

/// <summary>Passes "go" on after so many messages to itself, so that in the usual order others come first.</summary>
internal sealed class Starter : ReceiveActor
{
    private int _left;

    public Starter(IActorRef target, int steps)
    {
        _left = steps;
        Receive<string>(word => (_left-- > 0 ? Self : target).Tell(word));
    }
}
