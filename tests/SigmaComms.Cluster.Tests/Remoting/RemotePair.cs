using SigmaComms.Actors;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Remoting;

/// <summary>Two processes on one thread with a wire between them, each with its own clock.</summary>
internal sealed class RemotePair
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public RemotePair(Action<MessageRegistry>? left = null, Action<MessageRegistry>? right = null)
    {
        Left = new RemoteHost(1, 10, left);
        Right = new RemoteHost(2, 20, right);
        Connect();
    }

    public RemoteHost Left { get; private set; }

    public RemoteHost Right { get; private set; }

    public WireLink ToRight { get; private set; } = new();

    public WireLink ToLeft { get; private set; } = new();

    /// <summary>
    /// What has been decided: only the thread pool may still have to tell. No virtual time passes meanwhile.
    /// </summary>
    public static T Result<T>(Task<T> task)
    {
        Assert.True(SpinWait.SpinUntil(() => task.IsCompleted, TimeSpan.FromSeconds(60)), "not decided");
        return task.GetAwaiter().GetResult();
    }

    public void Connect()
    {
        ToRight = new WireLink();
        ToLeft = new WireLink();
        Left.Remote.LinkUp(Right.Id, Right.Incarnation, ToRight);
        Right.Remote.LinkUp(Left.Id, Left.Incarnation, ToLeft);
        Run();
    }

    /// <summary>Both sides find out that the link is gone; what was on its way is lost.</summary>
    public void Drop()
    {
        ToRight.Clear();
        ToLeft.Clear();
        ToRight.IsBroken = true;
        ToLeft.IsBroken = true;
        Left.Remote.LinkDown(Right.Id, "cut");
        Right.Remote.LinkDown(Left.Id, "cut");
        Run();
    }

    /// <summary>The right process is replaced by a later one of the same node.</summary>
    public void RestartRight()
    {
        Drop();
        Right = new RemoteHost(2, Right.Incarnation + 1);
        Connect();
    }

    public void Run()
    {
        bool any;
        do
        {
            any = Left.System.RunUntilIdle() + Right.System.RunUntilIdle() > 0;
            while (ToRight.TryTake(out ActorBatch? batch))
            {
                Right.Remote.Accept(Left.Id, batch!);
                any = true;
            }

            while (ToLeft.TryTake(out ActorBatch? batch))
            {
                Left.Remote.Accept(Right.Id, batch!);
                any = true;
            }
        }
        while (any);
    }

    /// <summary>Lets time pass on both sides, a second at a time.</summary>
    public void Advance(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            Left.System.Advance(TimeSpan.FromSeconds(1));
            Right.System.Advance(TimeSpan.FromSeconds(1));
            Run();
        }
    }

    /// <summary>The left side's reference to an actor of the right side, found by name.</summary>
    public IActorRef Find(IActorRef actor, string name = "it")
    {
        Right.Remote.RegisterName(name, actor, [Left.Id]);
        Task<IActorRef?> found = Left.Remote.FindAsync(Right.Id, name, Soon, CancellationToken.None);
        Run();
        return Result(found) ?? throw new InvalidOperationException($"{name} was not found");
    }

    public (TestProbe Probe, IActorRef Ref) RightProbe(string name = "it")
    {
        TestProbe probe = Right.System.CreateProbe(name);
        return (probe, Find(probe.Ref, name));
    }
}
