using SigmaComms.Actors;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Remoting;

public sealed class RemoteWatchTests
{
    [Fact]
    public void A_watcher_gets_one_Terminated_after_the_last_message_of_the_dead_actor()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        TestProbe here = pair.Left.System.CreateProbe();
        here.Watch(remote);
        here.Send(remote, new Note("hello"));
        pair.Run();
        there.ExpectMsg<Note>();

        there.LastSender!.Tell(new Note("last words"), there.Ref);
        there.Ref.Tell(PoisonPill.Instance);
        pair.Run();

        here.ExpectMsg(new Note("last words"));
        here.ExpectTerminated(remote);
        pair.Advance(5);
        here.ExpectNoMsg();
    }

    [Fact]
    public void Two_watchers_of_one_actor_cost_one_step_and_each_is_told()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        TestProbe first = pair.Left.System.CreateProbe();
        TestProbe second = pair.Left.System.CreateProbe();
        int steps = 0;
        pair.ToRight.Fate = batch =>
        {
            steps += batch.Items.OfType<ActorItem.Step>().Count();
            return 1;
        };

        first.Watch(remote);
        second.Watch(remote);
        pair.Run();
        there.Ref.Tell(PoisonPill.Instance);
        pair.Run();

        first.ExpectTerminated(remote);
        second.ExpectTerminated(remote);
        Assert.Equal(1, steps);
    }

    [Fact]
    public void Watching_an_actor_that_has_ended_tells_at_once()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        TestProbe here = pair.Left.System.CreateProbe();
        there.Ref.Tell(PoisonPill.Instance);
        pair.Run();

        here.Watch(remote);
        pair.Run();

        here.ExpectTerminated(remote);
    }

    [Fact]
    public void After_Unwatch_nothing_is_told()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        TestProbe here = pair.Left.System.CreateProbe();
        here.Watch(remote);
        pair.Run();

        here.Unwatch(remote);
        pair.Run();
        there.Ref.Tell(PoisonPill.Instance);
        pair.Run();

        here.ExpectNoMsg(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void An_Unwatch_that_crosses_the_end_wins()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        TestProbe here = pair.Left.System.CreateProbe();
        here.Watch(remote);
        pair.Run();
        pair.ToLeft.IsHeld = true;
        there.Ref.Tell(PoisonPill.Instance);
        pair.Run();

        here.Unwatch(remote);
        pair.ToLeft.IsHeld = false;
        pair.Run();

        here.ExpectNoMsg();
    }

    [Fact]
    public void A_dropped_link_is_suspicion_and_not_the_end()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        TestProbe here = pair.Left.System.CreateProbe();
        TestProbe events = pair.Left.System.CreateProbe();
        pair.Left.System.System.EventStream.Subscribe(events.Ref, typeof(NodeSuspected));
        here.Watch(remote);
        pair.Run();

        pair.Drop();
        pair.Advance(60);
        NodeSuspected suspected = events.ExpectMsg<NodeSuspected>();
        here.ExpectNoMsg();
        pair.Connect();
        there.Ref.Tell(PoisonPill.Instance);
        pair.Run();

        Assert.Equal(pair.Right.Id, suspected.Node);
        here.ExpectTerminated(remote);
    }

    [Fact]
    public void A_watch_made_while_the_link_is_down_holds_once_it_is_back()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        TestProbe here = pair.Left.System.CreateProbe();
        pair.Drop();

        here.Watch(remote);
        pair.Connect();
        there.Ref.Tell(PoisonPill.Instance);
        pair.Run();

        here.ExpectTerminated(remote);
    }

    [Fact]
    public void An_end_while_the_link_is_down_is_told_once_it_is_back()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        TestProbe here = pair.Left.System.CreateProbe();
        here.Watch(remote);
        pair.Run();
        pair.Drop();

        there.Ref.Tell(PoisonPill.Instance);
        pair.Advance(3);
        here.ExpectNoMsg();
        pair.Connect();

        here.ExpectTerminated(remote);
        pair.Advance(5);
        here.ExpectNoMsg();
    }

    [Fact]
    public void Steps_that_are_lost_or_doubled_on_the_way_still_end_in_exactly_one_Terminated()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        TestProbe here = pair.Left.System.CreateProbe();
        int frame = 0;
        int[] fates = [0, 0, 2, 0, 3, 0, 1];
        pair.ToRight.Fate = _ => fates[frame++ % fates.Length];
        pair.ToLeft.Fate = _ => fates[frame++ % fates.Length];

        here.Watch(remote);
        pair.Advance(15);
        there.Ref.Tell(PoisonPill.Instance);
        pair.Advance(30);

        here.ExpectTerminated(remote);
        here.ExpectNoMsg();
    }

    [Fact]
    public void A_new_process_of_the_node_ends_all_that_was_watched_in_the_old_one()
    {
        var pair = new RemotePair();
        (_, IActorRef remote) = pair.RightProbe();
        (_, IActorRef other) = pair.RightProbe("other");
        TestProbe here = pair.Left.System.CreateProbe();
        here.Watch(remote);
        here.Watch(other);
        pair.Run();

        pair.RestartRight();

        IActorRef[] ended = [here.ExpectMsg<Terminated>().Actor, here.ExpectMsg<Terminated>().Actor];
        Assert.Equal(new HashSet<IActorRef> { remote, other }, ended.ToHashSet());
        pair.Advance(5);
        here.ExpectNoMsg();
    }

    [Fact]
    public void A_process_that_speaks_before_its_links_are_announced_ends_the_old_one()
    {
        var pair = new RemotePair();
        (_, IActorRef remote) = pair.RightProbe();
        TestProbe here = pair.Left.System.CreateProbe();
        here.Watch(remote);
        pair.Run();

        pair.Left.Remote.Accept(
            pair.Right.Id, new ActorBatch(pair.Right.Incarnation + 1, pair.Left.Incarnation, []));
        pair.Run();

        here.ExpectTerminated(remote);
    }

    [Fact]
    public void An_evicted_node_ends_all_that_was_watched_there()
    {
        var pair = new RemotePair();
        (_, IActorRef remote) = pair.RightProbe();
        TestProbe here = pair.Left.System.CreateProbe();
        here.Watch(remote);
        pair.Run();

        pair.Left.Remote.Evict(pair.Right.Id);
        pair.Run();

        here.ExpectTerminated(remote);
        Assert.Equal(SendResult.Terminated, remote.TryTell(new Note("x")));
    }

    [Fact]
    public void An_unhandled_Terminated_of_a_remote_actor_is_a_death_pact()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        TestProbe events = pair.Left.System.CreateProbe();
        pair.Left.System.System.EventStream.Subscribe(events.Ref, typeof(SigmaComms.Actors.Health.ActorFailed));
        pair.Left.System.ActorOf(Props.Create(() => new Bound(remote)), "bound");
        pair.Run();

        there.Ref.Tell(PoisonPill.Instance);
        pair.Run();

        Assert.True(events.Waiting > 0);
    }

    private sealed class Bound : ReceiveActor
    {
        private readonly IActorRef _to;

        public Bound(IActorRef to) => _to = to;

        protected override ValueTask PreStart()
        {
            Context.Watch(_to);
            return ValueTask.CompletedTask;
        }
    }
}
