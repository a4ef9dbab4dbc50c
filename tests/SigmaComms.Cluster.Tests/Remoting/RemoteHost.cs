using SigmaComms.Actors;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Remoting;

/// <summary>One process of a pair.</summary>
internal sealed class RemoteHost
{
    public RemoteHost(int number, ulong incarnation, Action<MessageRegistry>? register = null)
    {
        Id = SimCluster.IdentityOf(number).Id;
        Incarnation = incarnation;
        var registry = new MessageRegistry();
        (register ?? Usual)(registry);
        Remote = new RemoteActors(System.System, incarnation, registry);
        System.ActorOf(Props.Create(() => new RemotingActor(Remote)), "remoting");
        Letters = System.CreateProbe("letters");
        System.System.EventStream.Subscribe(Letters.Ref, typeof(DeadLetter));
    }

    public TestSystem System { get; } = new();

    public NodeId Id { get; }

    public ulong Incarnation { get; }

    public RemoteActors Remote { get; }

    public TestProbe Letters { get; }

    public static void Usual(MessageRegistry registry)
    {
        registry.Register(1, 1, new NoteCodec());
        registry.Register(2, 1, new NumberCodec());
    }
}
