using System.CommandLine;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma identity verify.</summary>
internal sealed class IdentityVerifyCommand : Verb
{
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
        string expected = Digits(string.Concat(context.Arguments.GetValue(_number) ?? []));
        await using AgentDoor door = await AgentDoor.OpenAsync(context);
        await door.WaitReadyAsync(context);
        string actual = await door.Agent.GetSafetyNumberAsync(peer, context.Stop);
        if (expected.Length > 0 && expected != Digits(actual))
        {
            throw new CommandException(
                ExitCode.VerificationFailed,
                $"the safety numbers with {peer} differ",
                $"here it is {actual}",
                "one of you talks to somebody else: do not accept it, and find out who");
        }

        if (context.Arguments.GetValue(_accept))
        {
            await door.Agent.AcceptIdentityAsync(peer, context.Stop);
            context.Output.Note($"The identity of {peer} is trusted from now on");
        }

        context.Output.Line(actual);
        context.Output.Object(writer =>
        {
            writer.WriteString("peer", peer);
            writer.WriteString("safetyNumber", actual);
            writer.WriteBoolean("compared", expected.Length > 0);
        });
        return ExitCode.Ok;
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
