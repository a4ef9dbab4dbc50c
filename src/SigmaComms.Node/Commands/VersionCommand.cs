using System.Reflection;
using System.Runtime.InteropServices;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma version.</summary>
internal sealed class VersionCommand : Verb
{
    public VersionCommand()
        : base("version", "Tells which sigma this is.", "sigma version", "sigma version --json")
    {
        Runs(RunAsync);
    }

    private static Task<ExitCode> RunAsync(CommandContext context)
    {
        string informational = typeof(VersionCommand).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        string[] parts = informational.Split('+', 2);
        string commit = parts.Length == 2 ? parts[1] : "unknown";
        context.Output.Line($"sigma {parts[0]} ({commit}) on {RuntimeInformation.FrameworkDescription}");
        context.Output.Object(writer =>
        {
            writer.WriteString("version", parts[0]);
            writer.WriteString("commit", commit);
            writer.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        });
        return Task.FromResult(ExitCode.Ok);
    }
}
