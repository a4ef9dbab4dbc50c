using System.Globalization;

namespace SigmaComms.Bench.Vaults.Clusters;

/// <summary>What the benches of vaults over real nodes are told on the command line.</summary>
/// <param name="Mebibytes">Size of the file that goes to and fro: --mib.</param>
/// <param name="Nodes">Nodes of the cluster, 4 (shape 2+2) or 6 (shape 4+2): --nodes.</param>
/// <param name="SmallFiles">Files of 4 KiB; 0 leaves them out: --small.</param>
/// <param name="SparseGibibytes">Size of the sparse file; 0 leaves it out: --sparse-gib.</param>
/// <param name="Rounds">How often the file goes to and fro: --rounds.</param>
/// <param name="RepairSeconds">
/// How long repair is waited for after one of six nodes was killed; 0 leaves it out: --repair-seconds.
/// </param>
/// <param name="RepairAfterSeconds">
/// How long a node may be down before the others rebuild what it holds, 1 or more: --repair-after.
/// </param>
/// <param name="Folder">Where the folders of the nodes, or the bricks, are made: --folder.</param>
/// <param name="Source">Where the files are that are put, and to which they are got: --source.</param>
internal sealed record VaultBenchOptions(
    int Mebibytes,
    int Nodes,
    int SmallFiles,
    int SparseGibibytes,
    int Rounds,
    int RepairSeconds,
    int RepairAfterSeconds,
    string Folder,
    string Source)
{
    private const string Memory = "/dev/shm";
    private const int FewNodes = 4;
    private const int ManyNodes = 6;

    private static readonly string[] Known =
        ["mib", "nodes", "small", "sparse-gib", "rounds", "repair-seconds", "repair-after", "folder", "source"];

    /// <summary>Fragments that are needed, and those that may be lost.</summary>
    public (int Data, int Parity) Shape => Nodes == ManyNodes ? (4, 2) : (2, 2);

    /// <summary>The shape as it is typed.</summary>
    public string ShapeText => string.Create(CultureInfo.InvariantCulture, $"{Shape.Data}+{Shape.Parity}");

    /// <summary>Takes them from "--name value" or "--name=value".</summary>
    /// <param name="given">Names without dashes, and values.</param>
    /// <param name="nodesUsual">How many nodes if nothing is said.</param>
    /// <exception cref="ArgumentException">One is unknown or out of its range.</exception>
    public static VaultBenchOptions Read(IReadOnlyDictionary<string, string> given, int nodesUsual)
    {
        if (given.Keys.FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
        {
            throw new ArgumentException($"--{unknown} is no option; there are --{string.Join(", --", Known)}.");
        }

        VaultBenchOptions options = new(
            Mebibytes: NumberOf(given, "mib", 1_024),
            Nodes: NumberOf(given, "nodes", nodesUsual),
            SmallFiles: NumberOf(given, "small", 2_000),
            SparseGibibytes: NumberOf(given, "sparse-gib", 0),
            Rounds: NumberOf(given, "rounds", 2),
            RepairSeconds: NumberOf(given, "repair-seconds", 300),
            RepairAfterSeconds: NumberOf(given, "repair-after", 10),
            Folder: given.GetValueOrDefault("folder", Path.GetTempPath()),
            Source: given.GetValueOrDefault("source", Directory.Exists(Memory) ? Memory : Path.GetTempPath()));
        return options is { Nodes: FewNodes or ManyNodes, Mebibytes: > 0, Rounds: > 0 }
            ? options
            : throw new ArgumentException("--nodes is 4 or 6, and --mib and --rounds are at least 1.");
    }

    private static int NumberOf(IReadOnlyDictionary<string, string> given, string name, int usual)
    {
        if (!given.TryGetValue(name, out string? text))
        {
            return usual;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new ArgumentException($"--{name} takes a number, not '{text}'.");
    }
}
