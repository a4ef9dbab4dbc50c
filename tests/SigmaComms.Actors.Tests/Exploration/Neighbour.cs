namespace SigmaComms.Actors.Tests.Exploration;

/// <summary>Asks the other one inside its turn: two that do so at the same time would wait for each other.</summary>
internal sealed class Neighbour : ReceiveActor
{
    private IActorRef? _other;

    public Neighbour()
    {
        Receive<IActorRef>(other => _other = other);
        Receive<Question>(_ => Sender!.Tell(new Answer()));
        ReceiveAsync<string>(async _ =>
        {
            await Task.Yield();
            await Context.Ask<Answer>(_other!, new Question(), TimeSpan.FromSeconds(1));
        });
    }

    public sealed record Question;

    public sealed record Answer;
}
