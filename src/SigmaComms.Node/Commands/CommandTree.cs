using System.CommandLine;
using System.CommandLine.Help;

namespace SigmaComms.Node.Commands;

/// <summary>All verbs of sigma.</summary>
internal static class CommandTree
{
    /// <summary>Builds the tree anew; it keeps the state of one parse.</summary>
    public static RootCommand Build()
    {
        RootCommand root = new("Post-quantum end-to-end encrypted messages over a cluster of nodes.");
        foreach (Option builtIn in root.Options.Where(option => option is VersionOption).ToArray())
        {
            root.Options.Remove(builtIn);
        }

        foreach (Option option in root.Options)
        {
            if (option is HelpOption help)
            {
                help.Action = new HelpWithExamples();
            }
        }

        foreach (Option option in GlobalOptions.All)
        {
            root.Add(option);
        }

        root.Add(new VersionCommand());
        root.Add(new CompletionCommand());
        return root;
    }
}
