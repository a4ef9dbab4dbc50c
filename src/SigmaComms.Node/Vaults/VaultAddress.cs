using SigmaComms.Client.Vaults;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Vaults;

/// <summary>Something in a vault, as it is typed: NAME:/path.</summary>
/// <param name="Vault">What the vault is called here.</param>
/// <param name="Path">The path in it.</param>
/// <param name="IsFolder">Whether it was typed with a slash at its end: what is meant lies in it.</param>
internal sealed record VaultAddress(string Vault, VaultPath Path, bool IsFolder)
{
    /// <summary>What the help calls it.</summary>
    public const string Form = "NAME:/path in the vault NAME";

    /// <summary>Reads an address.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static VaultAddress Parse(string text) => text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
        ? Of(text[..colon], text[(colon + 1)..])
        : throw new CommandException(
            ExitCode.Usage,
            $"\"{TerminalText.Plain(text)}\" is no path in a vault",
            "the vault's name and a colon are missing in front",
            "write NAME:/path, for example backup:/docs; sigma vault list shows the names");

    /// <summary>Reads an address; a name alone means all of the vault.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static VaultAddress ParseOrWhole(string text) =>
        text.Contains(':', StringComparison.Ordinal) ? Parse(text) : Of(text, "/");

    /// <summary>The same with one more name at the end of the path.</summary>
    public VaultAddress In(string name) => new(Vault, Path.In(name), IsFolder: false);

    /// <summary>As it is typed.</summary>
    public override string ToString() => $"{Vault}:{Path}";

    private static VaultAddress Of(string vault, string path) =>
        new(vault, VaultPath.Parse(path), path.Length == 0 || path.EndsWith('/'));
}
