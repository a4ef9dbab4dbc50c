using System.CommandLine;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma identity show.</summary>
internal sealed class IdentityShowCommand : Verb
{
    private readonly Argument<string?> _name = new("name")
    {
        Description = "Which one; needless if there is only one",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public IdentityShowCommand()
        : base("show", "Shows an identity's public side; needs no password.", "sigma identity show alpha --json")
    {
        Add(_name);
        Runs(RunAsync);
    }

    /// <summary>Writes what can be told without a password.</summary>
    public static void Show(Output output, IdentityCard card)
    {
        TextTable table = new("account", "id", "device", "cluster");
        table.Row(card.Name, card.Account.ToString(), card.Device.Short, card.Cluster.ToString());
        output.Table(table);
        output.Object(writer =>
        {
            writer.WriteString("name", card.Name);
            writer.WriteString("account", card.Account.ToString());
            writer.WriteString("device", card.Device.ToString());
            writer.WriteString("cluster", card.Cluster.ToString());
        });
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        Show(context.Output, IdentityCard.Load(IdentityChoice.Of(context, context.Arguments.GetValue(_name))));
        return Task.FromResult(ExitCode.Ok);
    }
}
