using System.CommandLine;

namespace SigmaComms.Node.Commands;

/// <summary>Options that every command takes.</summary>
internal static class GlobalOptions
{
    public static FlagOption Json { get; } =
        new("--json", null, "SIGMA_JSON", "Data and errors as JSON, one object or one object a line");

    public static FlagOption Quiet { get; } = new("--quiet", "-q", "SIGMA_QUIET", "Only data and errors");

    public static FlagOption Verbose { get; } = new("--verbose", "-v", "SIGMA_VERBOSE", "More about what happens");

    public static FlagOption NoColor { get; } = new("--no-color", null, "NO_COLOR", "No colours");

    public static TextOption Home { get; } =
        new("--home", "SIGMA_HOME", "FOLDER", "Where keys, identities and nodes are kept");

    public static TextOption Cluster { get; } =
        new("--cluster", "SIGMA_CLUSTER", "FILE", "The cluster's public file; else cluster.json in the data folder");

    public static TextOption Identity { get; } =
        new("--identity", "SIGMA_IDENTITY", "NAME", "Which identity acts; needless if there is only one");

    public static TextOption PasswordFile { get; } =
        new("--password-file", "SIGMA_PASSWORD_FILE", "FILE", "The first line is the key store's password");

    public static TextOption PasswordCommand { get; } =
        new("--password-command", "SIGMA_PASSWORD_COMMAND", "COMMAND", "Prints the key store's password");

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<Option> All { get; } =
        [Json, Quiet, Verbose, NoColor, Home, Cluster, Identity, PasswordFile, PasswordCommand];
}
