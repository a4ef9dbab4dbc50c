using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Configuration;

/// <summary>A secret in the first line of a file that only its owner may read.</summary>
internal static class SecretFile
{
    private const int CharactersMax = 512;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Whether it can stand in a header of HTTP.</summary>
    public static bool IsUsable(string secret) =>
        secret is { Length: > 0 and <= CharactersMax } && secret.All(static c => c is > ' ' and < (char)127);

    /// <summary>Reads it.</summary>
    /// <exception cref="CommandException">It cannot be read, others may read it, or it is empty.</exception>
    public static string FirstLine(string path)
    {
        string? line;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
            {
                throw new CommandException(
                    ExitCode.NotAuthorised,
                    $"will not use {path}",
                    "others than its owner may read or change it",
                    $"make a new secret if it may have leaked, else: chmod 600 {path}");
            }

            line = File.ReadLines(path).FirstOrDefault()?.Trim();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.NotFound, $"cannot read {path}", cause.Message, "check the path and its permissions", cause);
        }

        return line is not null && IsUsable(line)
            ? line
            : throw new CommandException(
                ExitCode.Usage,
                $"cannot use {path}",
                $"its first line is not 1 to {CharactersMax} printable characters without a blank",
                "put the secret on the first line");
    }
}
