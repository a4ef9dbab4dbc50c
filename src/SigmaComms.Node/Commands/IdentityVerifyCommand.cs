using System.CommandLine;
using SigmaComms.Client;
using SigmaComms.Client.Agent;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma identity verify.</summary>
internal sealed class IdentityVerifyCommand : Verb
{
    private const int DigitCount = 60;

    private readonly Argument<string> _peer = new("peer") { Description = "The peer's account name" };

    private readonly Argument<string[]> _number = new("number")
    {
        Description = "The 60 digits the peer sees; compared with what is seen here",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _accept = new("--accept")
    {
        Description = "Trust the peer's changed identity from now on",
    };

    public IdentityVerifyCommand()
        : base(
            "verify",
            "Shows the safety number with a peer; both sides must see the same 60 digits.",
            "sigma identity verify beta",
            "sigma identity verify beta 12345 67890 ...",
            "sigma identity verify beta --accept")
    {
        Add(_peer);
        Add(_number);
        Add(_accept);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string peer = context.Arguments.GetRequiredValue(_peer);
        string expected = Expected(context.Arguments.GetValue(_number) ?? []);
        await using AgentDoor door = await AgentDoor.OpenAsync(context);
        await door.WaitReadyAsync(context);
        string actual = await door.Agent.GetSafetyNumberAsync(peer, context.Stop);
        bool isCompared = expected.Length > 0;
        bool isEqual = isCompared && expected == Digits(actual);
        if (isCompared && !isEqual)
        {
            Note(context, peer, isEqual: false);
            throw new CommandException(
                ExitCode.VerificationFailed,
                $"the safety numbers with {peer} differ",
                $"here it is {actual}",
                "one of you talks to somebody else: do not accept it, and find out who");
        }

        bool isAccepted = context.Arguments.GetValue(_accept);
        if (isAccepted)
        {
            await AcceptAsync(context, door, peer);
        }

        if (isCompared || isAccepted)
        {
            Note(context, peer, isEqual);
        }

        context.Output.Line(isEqual ? $"equal: {actual}" : actual);
        context.Output.Object(writer =>
        {
            writer.WriteString("peer", peer);
            writer.WriteString("safetyNumber", actual);
            writer.WriteBoolean("compared", isCompared);
            writer.WriteBoolean("equal", isEqual);
        });
        return ExitCode.Ok;
    }

    private static string Expected(string[] words)
    {
        string digits = Digits(string.Concat(words));
        return words.Length == 0 || digits.Length == DigitCount ? digits : throw new CommandException(
            ExitCode.Usage,
            "cannot compare",
            $"a safety number has {DigitCount} digits, given are {digits.Length}",
            "give all of it, with or without spaces");
    }

    private static async Task AcceptAsync(CommandContext context, AgentDoor door, string peer)
    {
        AgentStatus status = await door.Agent.GetStatusAsync(context.Stop);
        if (!status.Changed.Contains(peer, StringComparer.Ordinal))
        {
            throw new CommandException(
                ExitCode.Failure,
                $"nothing to accept of {peer}",
                "its identity has not changed",
                "go on: messages to it are sent as before");
        }

        await door.Agent.AcceptIdentityAsync(peer, context.Stop);
        context.Output.Note($"The identity of {peer} is trusted from now on");
    }

    private static void Note(CommandContext context, string peer, bool isEqual)
    {
        IdentityFolder folder = IdentityChoice.Of(context);
        ComparedPeers.Load(folder).With(peer, isEqual).Save(folder);
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
