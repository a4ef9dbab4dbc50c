using System.CommandLine;
using SigmaComms.Client;
using SigmaComms.Client.Identity;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma identity password.</summary>
internal sealed class IdentityPasswordCommand : Verb
{
    private const string NewVariable = "SIGMA_NEW_PASSWORD";

    private readonly Argument<string?> _name = new("name")
    {
        Description = "Which one; needless if there is only one",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _newFile = new("--new-password-file")
    {
        HelpName = "FILE",
        Description = $"The first line is the new password [env: {NewVariable} holds the password itself]",
    };

    public IdentityPasswordCommand()
        : base(
            "password",
            "Changes the password of an identity. Copies of its folder keep the old one.",
            "sigma identity password alpha",
            "sigma identity password alpha --password-file old --new-password-file new")
    {
        Add(_name);
        Add(_newFile);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        IdentityFolder folder = IdentityChoice.Of(context, context.Arguments.GetValue(_name));
        string name = IdentityChoice.NameOf(folder);
        using SecretBytes old = await context.Password.ReadAsync(
            $"the identity {name}", confirm: false, context.Stop);
        PasswordSource source = new()
        {
            File = context.Arguments.GetValue(_newFile),
            Value = Environment.GetEnvironmentVariable(NewVariable) is { Length: > 0 } value ? value : null,
            ValueName = NewVariable,
            Remedy = $"use --new-password-file FILE or the variable {NewVariable}",
            CanAsk = context.Password.CanAsk,
        };
        using SecretBytes next = await source.ReadAsync(
            $"the identity {name} from now on", confirm: true, context.Stop);
        KeyStore.ChangePassphrase(
            folder.KeyStore, old.Span, next.Span, Argon2Cost.Interactive, SystemRandom.Instance);
        context.Output.Line($"The password of {name} is changed");
        context.Output.Object(writer => writer.WriteString("changed", name));
        return ExitCode.Ok;
    }
}
