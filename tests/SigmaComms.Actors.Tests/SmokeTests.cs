using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;

namespace SigmaComms.Actors.Tests;

public sealed class SmokeTests
{
    [Fact]
    public async Task An_echo_answers_an_ask()
    {
        await using TestSystem test = new();
        IActorRef echo = test.ActorOf(Props.Create(() => new Echo()), "echo");

        string answer = test.Await(echo.Ask<string>("hello", TimeSpan.FromSeconds(1)));

        Assert.Equal("hello", answer);
    }

    [Fact]
    public async Task A_failed_child_is_restarted_and_goes_on()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef echo = test.ActorOf(Props.Create(() => new Echo()), "echo");

        probe.Send(echo, new InvalidOperationException("planted"));
        probe.Send(echo, "still there");

        probe.ExpectMsg("still there");
        Assert.Equal(1, test.System.Tree().All.Single(actor => actor.Path.Name == "echo").Restarts);
    }

    [Fact]
    public async Task The_end_is_announced_once_to_a_watcher()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef echo = test.ActorOf(Props.Create(() => new Echo()), "echo");
        probe.Watch(echo);

        probe.Send(echo, PoisonPill.Instance);

        probe.ExpectTerminated(echo);
        probe.ExpectNoMsg();
    }

    [Fact]
    public async Task An_asynchronous_handler_keeps_the_next_message_waiting_on_the_thread_pool()
    {
        await using ActorSystem system = new("pool");
        IActorRef counter = system.ActorOf(Props.Create(() => new SlowCounter()), "counter");

        for (int i = 0; i < 1000; i++)
        {
            counter.Tell(1);
        }

        Assert.Equal(1000, await counter.Ask<int>("sum", TimeSpan.FromSeconds(120)));
    }

    [Fact]
    public async Task The_restart_limit_stops_the_child()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef echo = test.ActorOf(Props.Create(() => new Echo()), "echo");
        probe.Watch(echo);

        for (int i = 0; i < 11; i++)
        {
            probe.Send(echo, new InvalidOperationException("planted"));
        }

        probe.ExpectTerminated(echo);
        Assert.Equal(10, ((OneForOneStrategy)SupervisorStrategy.Default).MaxRetries);
    }

    private sealed class Echo : UntypedActor
    {
        protected override void Handle(object message)
        {
            if (message is Exception planted)
            {
                throw planted;
            }

            Sender?.Tell(message, Self);
        }
    }

    private sealed class SlowCounter : ReceiveActor
    {
        private int _sum;

        public SlowCounter()
        {
            ReceiveAsync<int>(async number =>
            {
                int before = _sum;
                await Task.Yield();
                _sum = before + number;
            });
            Receive<string>(_ => Sender?.Tell(_sum, Self));
        }
    }
}
