using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Configuration;

/// <summary>The folder of everything that sigma keeps for one user. Only its owner may read it.</summary>
internal sealed class SigmaHome
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Names the folder; it need not exist.</summary>
    /// <param name="root">Its path.</param>
    public SigmaHome(string root) => Root = Path.GetFullPath(root);

    /// <summary>The folder itself.</summary>
    public string Root { get; }

    /// <summary>The public description of the cluster: its id, its operator's key, its nodes.</summary>
    public string ClusterFile => Path.Combine(Root, "cluster.json");

    /// <summary>The operator's signing key; whoever has it admits nodes.</summary>
    public string OperatorKeyFile => Path.Combine(Root, "operator.key");

    /// <summary>The seed files, completed with ids and keys.</summary>
    public string SeedFolder => Path.Combine(Root, "seed-nodes");

    /// <summary>Where identities are.</summary>
    public string IdentitiesFolder => Path.Combine(Root, "identities");

    /// <summary>Where nodes are.</summary>
    public string NodesFolder => Path.Combine(Root, "nodes");

    /// <summary>--home, SIGMA_HOME, or the user's data folder.</summary>
    /// <param name="chosen">The option or variable, if one was given.</param>
    public static SigmaHome Locate(string? chosen)
    {
        if (!string.IsNullOrEmpty(chosen))
        {
            return new SigmaHome(chosen);
        }

        // It need not exist yet: a new user has none.
        string data = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.IsPathFullyQualified(data)
            ? new SigmaHome(Path.Combine(data, "sigma"))
            : throw new CommandException(
                ExitCode.Usage, "no data folder", "neither HOME nor XDG_DATA_HOME is set",
                    "set SIGMA_HOME or use --home");
    }

    /// <summary>The folder of one node.</summary>
    /// <exception cref="CommandException">No node can have that name.</exception>
    public NodeFolder Node(string name) => NodeName.Parse(name) is { } valid
        ? new NodeFolder(Path.Combine(NodesFolder, valid))
        : throw new CommandException(
            ExitCode.Usage, $"no node {name}", "its name is not usable", $"names have {NodeName.Wanted}");

    /// <summary>Names of the nodes that can run here: those with a configuration, in order.</summary>
    public IReadOnlyList<string> NodeNames()
    {
        string[] folders = Directory.Exists(NodesFolder) ? Directory.GetDirectories(NodesFolder) : [];
        IEnumerable<string> names = folders.Select(folder => Path.GetFileName(folder))
            .Where(name => NodeName.Parse(name) is not null);
        return [.. names.Where(name => File.Exists(Node(name).ConfigurationFile)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The folder of one identity.</summary>
    public string Identity(string name) => Path.Combine(IdentitiesFolder, name);

    /// <summary>Makes a folder that only the owner may enter, with all above it.</summary>
    public static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows() || Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            return;
        }

        // The mode counts for the last folder of the path only, so each missing one is made by itself.
        if (Path.GetDirectoryName(folder) is { Length: > 0 } parent)
        {
            CreatePrivate(parent);
        }

        Directory.CreateDirectory(folder, OwnerOnly);
    }

    /// <summary>Writes a file that only the owner may read, whole or not at all.</summary>
    public static void WritePrivate(string path, ReadOnlySpan<byte> content)
    {
        CreatePrivate(Path.GetDirectoryName(Path.GetFullPath(path))!);

        // Two processes may write the same file: the name is this one's own.
        string temporary = $"{path}.{Environment.ProcessId}.new";
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (FileStream stream = new(temporary, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
