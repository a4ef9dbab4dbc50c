using SigmaComms.Actors.Health;
using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;

namespace SigmaComms.Actors.Tests;

/// <summary>Three generations of scripted actors on virtual time: grandparent, parent, child.</summary>
internal sealed class Family : IAsyncDisposable
{
    public Family(SupervisorStrategy parentStrategy)
    {
        ParentScript.Strategy = parentStrategy;
        Grandparent = Test.ActorOf(GrandparentScript.Props, "grandparent");
        Grandparent.Tell(ScriptedActor.Do(me => Parent = me.Here.ActorOf(ParentScript.Props, "parent")));
        Run();
        Parent!.Tell(ScriptedActor.Do(me => Child = me.Here.ActorOf(ChildScript.Props, "child")));
        Run();
    }

    public TestSystem Test { get; } = new();

    public Script GrandparentScript { get; } = new();

    public Script ParentScript { get; } = new();

    public Script ChildScript { get; } = new();

    public IActorRef Grandparent { get; }

    public IActorRef Parent { get; private set; } = null!;

    public IActorRef Child { get; private set; } = null!;

    public void Run() => Test.RunUntilIdle();

    public ActorSnapshot Snapshot(string name) => Test.System.Tree().All.Single(actor => actor.Path.Name == name);

    public ActorState StateOf(string name) => Snapshot(name).State;

    public ValueTask DisposeAsync() => Test.DisposeAsync();
}
