using System.CommandLine;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma completion bash|zsh|fish.</summary>
internal sealed class CompletionCommand : Verb
{
    // The shells hand the line over to the parser's [suggest:POSITION] directive, so that they never fall behind it.
    private const string Bash =
        """
        _sigma() {
          local line position words
          line=${COMP_LINE} position=${COMP_POINT}
          words=$(sigma "[suggest:${position}]" "${line}" 2>/dev/null)
          mapfile -t COMPREPLY < <(compgen -W "${words}" -- "${COMP_WORDS[COMP_CWORD]}")
        }
        complete -o default -F _sigma sigma
        """;

    private const string Zsh =
        """
        #compdef sigma
        _sigma() {
          local -a words
          words=("${(@f)$(sigma "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -- ${words}
        }
        compdef _sigma sigma
        """;

    private const string Fish =
        """
        function __sigma_complete
          set -l line (commandline -cp)
          sigma "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c sigma -f -a '(__sigma_complete)'
        """;

    private readonly Argument<string> _shell = new("shell") { Description = "bash, zsh or fish" };

    public CompletionCommand()
        : base(
            "completion",
            "Prints the script that completes sigma's arguments in a shell.",
            "source <(sigma completion bash)",
            "sigma completion zsh > ~/.zfunc/_sigma",
            "sigma completion fish > ~/.config/fish/completions/sigma.fish")
    {
        _shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Add(_shell);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        string shell = context.Arguments.GetRequiredValue(_shell);
        string script = shell switch { "bash" => Bash, "zsh" => Zsh, _ => Fish };
        context.Output.Line(script);
        context.Output.Object(writer =>
        {
            writer.WriteString("shell", shell);
            writer.WriteString("script", script);
        });
        return Task.FromResult(ExitCode.Ok);
    }
}
