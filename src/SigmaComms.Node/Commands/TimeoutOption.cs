using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>--timeout of the commands that wait for the control log.</summary>
internal static class TimeoutOption
{
    private const int SecondsUsual = 20;
    private const int SecondsMax = 120;

    /// <summary>A new one; a parser's option belongs to one command.</summary>
    public static CountOption Create() =>
        new("--timeout", "SECONDS", $"How long it may take, at most {SecondsMax}. Default {SecondsUsual}");

    /// <summary>The seconds.</summary>
    /// <param name="given">What was given.</param>
    /// <exception cref="CommandException">They are too many.</exception>
    public static int SecondsOf(int? given) => (given ?? SecondsUsual) is var seconds and <= SecondsMax
        ? seconds
        : throw new CommandException(
            ExitCode.Usage, "cannot wait so long", $"--timeout is {given}", $"choose 1 to {SecondsMax}");
}
