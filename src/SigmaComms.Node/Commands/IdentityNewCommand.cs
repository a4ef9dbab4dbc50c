using System.CommandLine;
using SigmaComms.Client;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma identity new.</summary>
internal sealed class IdentityNewCommand : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "1 to 32 of a-z, 0-9, - and _" };

    public IdentityNewCommand()
        : base(
            "new",
            "Makes an identity: its keys, encrypted with a password.",
            "sigma identity new alpha",
            "sigma identity new alpha --password-file alpha.password")
    {
        Add(_name);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = context.Arguments.GetRequiredValue(_name);
        if (!AccountName.IsValid(name))
        {
            throw new CommandException(
                ExitCode.Usage,
                "cannot make the identity",
                $"\"{name}\" is no account name",
                "choose 1 to 32 of a-z, 0-9, - and _");
        }

        ClusterFile cluster = ClusterFile.Load(context.ClusterFile);
        IdentityFolder folder = new(context.Home.Identity(name));
        if (File.Exists(folder.KeyStore))
        {
            throw new CommandException(
                ExitCode.Failure,
                "cannot make the identity",
                $"there is one named {name} in {folder.Path}",
                "choose another name; an identity is removed only by hand");
        }

        using SecretBytes password =
            await context.Password.ReadAsync($"the new identity {name}", confirm: true, context.Stop);
        IdentityCard card = IdentityCard.Create(folder, name, cluster.Cluster, password, SystemRandom.Instance);
        IdentityShowCommand.Show(context.Output, card);
        context.Output.Note($"Kept in {folder.Path}. Without the password nobody can open it, you neither.");
        context.Output.Note("The cluster learns of it when it first connects: sigma message listen, or sigma agent.");
        return ExitCode.Ok;
    }
}
