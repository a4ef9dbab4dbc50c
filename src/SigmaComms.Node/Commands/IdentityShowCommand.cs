using System.CommandLine;
using System.Text.Json;
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
        TextTable table = new("what", "value");
        table.Row("name", card.Name);
        table.Row("account", card.Account.ToString());
        table.Row("device", card.Device.ToString());
        table.Row("cluster", card.Cluster.ToString());
        output.Table(table);
        output.Object(writer => Write(writer, card));
    }

    /// <summary>Writes the properties of one.</summary>
    public static void Write(Utf8JsonWriter writer, IdentityCard card)
    {
        writer.WriteString("name", card.Name);
        writer.WriteString("account", card.Account.ToString());
        writer.WriteString("device", card.Device.ToString());
        writer.WriteString("cluster", card.Cluster.ToString());
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        Show(context.Output, IdentityCard.Load(IdentityChoice.Of(context, context.Arguments.GetValue(_name))));
        return Task.FromResult(ExitCode.Ok);
    }
}
