using System.Globalization;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Processes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Demo;

/// <summary>The vault in the demo: a real tree goes in, a node dies, the tree comes back, repair follows.</summary>
/// <param name="home">The cluster's data folder.</param>
/// <param name="account">Whose vault it is.</param>
/// <param name="folder">For what it makes.</param>
/// <param name="output">Where it tells what happens.</param>
/// <param name="time">The clock.</param>
internal sealed class DemoVault(SigmaHome home, DemoAccount account, string folder, Output output, TimeProvider time)
{
    private const string Name = "backup";
    private const string Victim = "n4";

    /// <summary>Runs the steps.</summary>
    /// <param name="sigma">Runs a command, which must end with this code.</param>
    /// <param name="stop">Ends it early.</param>
    public async Task RunAsync(
        Func<IReadOnlyDictionary<string, string>, ExitCode, string[], Task> sigma, CancellationToken stop)
    {
        Task AlphaAsync(params string[] arguments) => sigma(account.Environment, ExitCode.Ok, arguments);
        DemoTree tree = DemoTree.Find(Path.Combine(folder, "made"));
        string kind = tree.IsReal ? "" : "; this machine has no tree of that size, so it was made";
        Line($"9. A vault over five storage nodes; {tree.Files} files, {ByteText.Of(tree.Bytes)}: {tree.Folder}{kind}");
        await AlphaAsync("vault", "create", Name, "--no-recovery");
        await AlphaAsync("vault", "put", tree.Folder, $"{Name}:/tree", "-r");
        await AlphaAsync("vault", "status", Name);

        Kill();
        string back = Path.Combine(folder, "back");
        await AlphaAsync("vault", "get", $"{Name}:/tree", back, "-r");
        string? difference = await Task.Run(() => TreeComparison.FirstDifference(tree.Folder, back), stop);
        if (difference is not null)
        {
            throw new CommandException(
                ExitCode.Failure, "the tree came back changed", difference, "run the demo with --keep and compare");
        }

        Line($"   All {tree.Files} files came back byte for byte, with modes and links");
        Directory.Delete(back, recursive: true);

        Line($"11. Without {Victim} every stripe that had a fragment there is short of one; repair puts it elsewhere");
        await AlphaAsync("vault", "repair", Name);
        await AlphaAsync("vault", "verify", Name);
    }

    private void Kill()
    {
        ProcessRecord process = new LocalNode(home, Victim, time).Running ?? throw new CommandException(
            ExitCode.Failure, $"{Victim} cannot be killed", "it does not run", "run the demo with --keep");
        process.SendKill();
        Line($"10. kill -9 of {Victim}, process {process.Id}; then the tree is got");
    }

    private void Line(FormattableString text) => output.Line(text.ToString(CultureInfo.InvariantCulture));
}
