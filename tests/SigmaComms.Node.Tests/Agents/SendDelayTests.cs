using SigmaComms.Client.Agent;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Agents;

public sealed class SendDelayTests
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    [Fact]
    public void What_is_not_in_the_outbox_is_to_be_sent_again_unless_an_agent_goes_on()
    {
        CommandException alone = Explain(null, node: null, isAgentElsewhere: false);
        CommandException agent = Explain(null, node: null, isAgentElsewhere: true);

        Assert.Contains("is not in the outbox", alone.What, StringComparison.Ordinal);
        Assert.Contains("n1 is down", alone.Why, StringComparison.Ordinal);
        Assert.StartsWith("send it again", alone.Next, StringComparison.Ordinal);
        Assert.StartsWith("the agent may still send it", agent.Next, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_in_the_outbox_is_named_and_not_lost()
    {
        CommandException fault = Explain(new AgentMessage("id7", Never, Never), "n1", isAgentElsewhere: false);

        Assert.Contains("message id7 to beta is in the outbox", fault.What, StringComparison.Ordinal);
        Assert.StartsWith("nothing is lost", fault.Next, StringComparison.Ordinal);
    }

    [Fact]
    public void What_two_nodes_keep_waits_for_the_recipient_only()
    {
        AgentMessage message = new("id7", Task.CompletedTask, Never);

        CommandException fault = Explain(message, "n1", isAgentElsewhere: false);

        Assert.Contains("is accepted, not yet delivered", fault.What, StringComparison.Ordinal);
        Assert.StartsWith("two nodes keep it", fault.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("too few", fault.Why, StringComparison.Ordinal);
    }

    private static CommandException Explain(AgentMessage? message, string? node, bool isAgentElsewhere) =>
        SendDelay.Explain(
            "beta",
            message,
            new AgentStatus
            {
                Name = "alpha",
                Account = "",
                Device = "",
                Node = node,
                Failure = node is null ? "n1 is down" : null,
                Contacts = [],
                Changed = [],
            },
            isAgentElsewhere,
            TimeSpan.FromSeconds(5));
}
