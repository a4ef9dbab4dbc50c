namespace SigmaComms.Client.Vaults.Trees;

/// <summary>
/// The names in one folder of this machine: what cannot be a name here is told, and so are two names of a vault that
/// would be one here.
/// </summary>
/// <remarks>On Linux names are bytes, and those of a vault are names as they are.</remarks>
/// <param name="system">Whose rules for names hold.</param>
internal sealed class LocalNames(NameRules system)
{
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    private static readonly string[] NumberedDevices = ["COM", "LPT"];

    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names by the rules of this machine's system.</summary>
    public LocalNames()
        : this(OperatingSystem.IsWindows() ? NameRules.Windows
            : OperatingSystem.IsMacOS() ? NameRules.Mac : NameRules.Linux)
    {
    }

    /// <summary>Why nothing can get a name here; null if it can, and has it from now on.</summary>
    public string? ObjectionTo(string name)
    {
        if (system == NameRules.Linux)
        {
            return null;
        }

        if (system == NameRules.Windows && !IsNameOfWindows(name))
        {
            return "no name on Windows; rename it in the vault: sigma vault mv";
        }

        return _taken.Add(name.Normalize())
            ? null
            : "this system takes its name for that of another one beside it; rename it in the vault: sigma vault mv";
    }

    // A separator or a colon would lead out of the folder; what ends in a point or blank gets another name.
    private static bool IsNameOfWindows(string name)
    {
        string stem = name.Split('.')[0].TrimEnd(' ');
        bool isDevice = Devices.Contains(stem, StringComparer.OrdinalIgnoreCase)
            || (stem.Length == 4
                && NumberedDevices.Contains(stem[..3], StringComparer.OrdinalIgnoreCase)
                && (char.IsAsciiDigit(stem[3]) || stem[3] is '\u00B9' or '\u00B2' or '\u00B3'));
        return !isDevice
            && name.All(letter => letter >= ' ' && !@"\/:*?""<>|".Contains(letter, StringComparison.Ordinal))
            && name[^1] is not ('.' or ' ');
    }
}
