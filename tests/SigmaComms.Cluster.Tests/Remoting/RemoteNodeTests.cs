using SigmaComms.Actors;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Tests.Simulation;

namespace SigmaComms.Cluster.Tests.Remoting;

public sealed class RemoteNodeTests
{
    [Fact]
    public void Actors_of_two_whole_nodes_talk_are_suspected_and_end_with_their_process()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(
            2, options => RemoteHost.Usual(options.Messages));
        SimNode first = cluster.Nodes[0];
        SimNode second = cluster.Nodes[1];
        TestProbe there = second.Host.System.CreateProbe("there");
        TestProbe here = first.Host.System.CreateProbe("here");
        second.Node.RemoteActors.RegisterName("there", there.Ref, [first.Id]);
        IActorRef remote = cluster.Run(() => first.Node.RemoteActors.FindAsync(
            second.Id, "there", RemotePair.Soon, CancellationToken.None)) ?? throw new InvalidOperationException();
        here.Watch(remote);

        remote.Tell(new Note("hello"), here.Ref);
        cluster.Until(() => there.Waiting == 1);
        there.ExpectMsg(new Note("hello"));
        there.Reply(new Note("and back"));
        cluster.Until(() => here.Waiting == 1);
        here.ExpectMsg(new Note("and back"));

        cluster.Network.Cut(first.Id, second.Id);
        cluster.Until(() => remote.TryTell(new Note("lost")) == SendResult.Unreachable);
        cluster.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(0, here.Waiting);
        cluster.Network.MendAll();
        cluster.Until(() => remote.TryTell(new Note("again")) == SendResult.Accepted);
        cluster.Until(() => there.Waiting == 1);

        second.Kill();
        cluster.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, here.Waiting);
        cluster.Await(second.Start(cluster.Log));
        cluster.Until(() => here.Waiting == 1);
        here.ExpectTerminated(remote);
    }
}
