namespace SigmaComms.Actors.TestKit.Simulation;

/// <summary>Brings what goes on after an await back to the simulation, as a step of the actor that awaited.</summary>
internal sealed class StepContext(SimulationDispatcher dispatcher, ActorCell? owner) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) =>
        dispatcher.Add(new SimulationStep(owner, d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("The simulation's thread never waits for itself.");

    // The same object: an await inside compares contexts by reference to know whether it may go on at once.
    public override SynchronizationContext CreateCopy() => this;
}
