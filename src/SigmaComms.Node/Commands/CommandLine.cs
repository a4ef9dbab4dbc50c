using System.CommandLine;
using System.CommandLine.Parsing;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>Parses arguments, runs the command, and turns every outcome into an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line to its end.</summary>
    /// <param name="arguments">As the shell gave them.</param>
    /// <param name="data">Standard output.</param>
    /// <param name="notes">Standard error.</param>
    public static async Task<ExitCode> RunAsync(string[] arguments, TextWriter data, TextWriter notes)
    {
        using Signals signals = new();
        RootCommand root = CommandTree.Build();
        ParseResult parsed = Parse(root, arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
        {
            OutputFor(parsed, data, notes).Error(UsageFault(parsed));
            return ExitCode.Usage;
        }

        // Signals are ours: the parser's own handler would end the process after two seconds.
        InvocationConfiguration configuration = new()
        {
            Output = data,
            Error = notes,
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            int code = await parsed.InvokeAsync(configuration, signals.Stop);
            await data.FlushAsync(CancellationToken.None);
            return signals.Received ?? (ExitCode)code;
        }
        catch (ReaderGoneException)
        {
            return signals.Received ?? ExitCode.ReaderGone;
        }
    }

    /// <summary>Runs one command's method with the global options read.</summary>
    public static async Task<int> RunAsync(
        ParseResult parsed, Func<CommandContext, Task<ExitCode>> run, CancellationToken stop)
    {
        InvocationConfiguration configuration = parsed.InvocationConfiguration;
        Output output = OutputFor(parsed, configuration.Output, configuration.Error);
        try
        {
            CryptographyChoice.Apply();
            using CommandContext context = new(parsed, output, stop);
            return (int)await run(context);
        }
        catch (ReaderGoneException)
        {
            // As programs do that SIGPIPE ends: nobody is there to be told.
            return (int)ExitCode.ReaderGone;
        }
        catch (CommandException fault)
        {
            output.Error(fault);
            output.Detail(fault.InnerException?.ToString() ?? "");
            return (int)fault.ExitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            output.Note("Stopped.");
            return (int)ExitCode.Interrupted;
        }
        catch (Exception fault)
        {
            // The process itself is the last supervisor: it tells what it can and ends.
            CommandException told = Faults.Explain(fault);
            output.Error(told);
            output.Detail(fault.ToString());
            return (int)told.ExitCode;
        }
    }

    private static Output OutputFor(ParseResult parsed, TextWriter data, TextWriter notes) => new(data, notes)
    {
        Json = GlobalOptions.Json.Value(parsed),
        Quiet = GlobalOptions.Quiet.Value(parsed),
        Verbose = GlobalOptions.Verbose.Value(parsed),
        Color = !GlobalOptions.NoColor.Value(parsed) && !Console.IsOutputRedirected,
    };

    /// <summary>A command that only has others below it shows its help; --version is a verb, help an option.</summary>
    private static ParseResult Parse(RootCommand root, string[] arguments)
    {
        ParseResult parsed = root.Parse(arguments switch
        {
            ["--version", .. var others] => ["version", .. others],
            ["help", .. var command] => [.. command, "--help"],
            _ => arguments,
        });
        bool isBare = parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0
            && parsed.Errors.All(error => error.SymbolResult is CommandResult);
        return isBare && parsed.Errors.Count > 0 ? root.Parse([.. arguments, "--help"]) : parsed;
    }

    private static CommandException UsageFault(ParseResult parsed)
    {
        string path = "";
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult command; at = at.Parent)
        {
            path = $"{(command.Command is RootCommand ? "sigma" : command.Command.Name)} {path}";
        }

        path = path.TrimEnd();
        // The parser names types of the runtime there, which say nothing to a user; all of ours are numbers.
        string message = parsed.Errors[0].Message.Split(" as expected type ") is [var start, _]
            ? start + ", which takes a number"
            : parsed.Errors[0].Message;
        string[] words = message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        bool isUnknownVerb = parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count > 0;
        string why = isUnknownVerb ? $"it knows no \"{parsed.UnmatchedTokens[0]}\"" : string.Join(' ', words);
        return new CommandException(ExitCode.Usage, $"cannot run {path}", why, $"{path} --help shows how");
    }
}
