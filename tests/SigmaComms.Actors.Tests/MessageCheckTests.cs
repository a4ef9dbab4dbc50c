using SigmaComms.Actors.TestKit;

namespace SigmaComms.Actors.Tests;

public sealed class MessageCheckTests
{
    [Fact]
    public async Task In_debug_mode_a_change_after_sending_reaches_nobody()
    {
        await using TestSystem test = new(options => options.MessageCheck = Copy);
        TestProbe probe = test.CreateProbe();
        List<int> message = [1];
        probe.Ref.Tell(message);

        message.Add(2);

        Assert.Equal([1], probe.ExpectMsg<List<int>>());
    }

    [Fact]
    public async Task A_message_that_the_check_refuses_is_a_dead_letter_and_sending_never_throws()
    {
        await using TestSystem test = new(options => options.MessageCheck = Copy);
        TestProbe probe = test.CreateProbe();
        IActorRef waits = test.ActorOf(new Script().Props.WithMailbox(4, Overflow.Wait));

        SendResult told = probe.Ref.TryTell(new object());
        SendResult waited = await waits.TellAsync(new object());

        Assert.Equal((SendResult.NoCodec, SendResult.NoCodec), (told, waited));
        Assert.Equal(2, test.System.DeadLetters.Count);
        probe.ExpectNoMsg();
    }

    [Fact]
    public async Task A_poison_pill_and_the_runtimes_own_words_pass_the_check()
    {
        await using TestSystem test = new(options => options.MessageCheck = Copy);
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);

        SendResult pill = actor.TryTell(PoisonPill.Instance);
        test.RunUntilIdle();

        Assert.Equal(SendResult.Accepted, pill);
        Assert.Equal(["start 1", "stop 1"], script.Take());
    }

    // What a codec would do.
    private static object Copy(object message) => message switch
    {
        List<int> numbers => numbers.ToList(),
        string text => text,
        _ when message.GetType().Name == "WatchOrder" => message,
        _ => throw new NotSupportedException(message.GetType().Name),
    };
}
