namespace SigmaComms.Actors.TestKit.Simulation;

/// <summary>Something that is due: an actor's turn, or what goes on after an await.</summary>
/// <param name="Owner">Whose step it is, or null for that of a test or of the runtime.</param>
/// <param name="Callback">What to run; null for a turn of the owner.</param>
/// <param name="State">What the callback gets.</param>
internal readonly record struct SimulationStep(ActorCell? Owner, SendOrPostCallback? Callback, object? State)
{
    /// <summary>Runs it.</summary>
    public void Run()
    {
        if (Callback is null)
        {
            Owner!.Turn();
        }
        else
        {
            Callback(State);
        }
    }
}
