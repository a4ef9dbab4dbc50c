using System.CommandLine;
using SigmaComms.Node.Demo;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma demo.</summary>
internal sealed class DemoCommand : Verb
{
    private readonly Option<bool> _keep = new("--keep") { Description = "Leave the folder with logs and data" };

    public DemoCommand()
        : base(
            "demo",
            "Shows the main job with real processes on this machine. Exits with 0 only if all of it held.",
            "sigma demo",
            "sigma demo --keep")
    {
        Add(_keep);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string folder = Directory.CreateTempSubdirectory("sigma-demo-").FullName;
        try
        {
            return await context.Output.WhileReadAsync(
                stop => ShowAsync(context, folder, stop), context.Time, context.Stop);
        }
        finally
        {
            if (context.Arguments.GetValue(_keep))
            {
                context.Output.Note($"Kept in {folder}");
            }
            else
            {
                Directory.Delete(folder, recursive: true);
                context.Output.Note("The processes of the demo have ended, its folder is removed.");
            }
        }
    }

    private static async Task<ExitCode> ShowAsync(CommandContext context, string folder, CancellationToken stop)
    {
        long start = context.Time.GetTimestamp();
        await using DemoRun run = new(folder, context.Output, context.Time, stop);
        DemoReport report = await run.RunAsync();
        report.Show(context.Output);
        TimeSpan took = context.Time.GetElapsedTime(start);
        context.Output.Line($"All of it held, in {took.TotalSeconds:F0} s.");
        return ExitCode.Ok;
    }
}
