using System.CommandLine;
using System.Globalization;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault gc.</summary>
internal sealed class VaultGcCommand : VaultVerb
{
    private readonly Argument<string> _name = new("name") { Description = "What the vault is called here" };

    public VaultGcCommand()
        : base(
            "gc",
            "Lets go of what killed processes left behind a day ago, and tells nodes what they need no longer keep.",
            "sigma vault gc backup")
    {
        Add(_name);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = context.Arguments.GetRequiredValue(_name);
        return WithVaultAsync(context, name, async vault =>
        {
            (int files, int stripes) = await vault.History.CleanUpAsync(context.Stop);
            context.Output.Line(string.Create(
                CultureInfo.InvariantCulture, $"{files} unfinished files let go, {stripes} stripes told to the nodes"));
            context.Output.Object(writer =>
            {
                writer.WriteNumber("files", files);
                writer.WriteNumber("stripes", stripes);
            });
            return ExitCode.Ok;
        });
    }
}
