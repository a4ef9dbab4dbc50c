using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Auditing;
using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Disks;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cluster.Tests.Control.Hosting;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Membership;

namespace SigmaComms.Cluster.Tests.Control.Auditing;

/// <summary>
/// The stored log of a node, in files: two epochs with commands in each, and a proof of a command of each. Made once
/// for all tests, which work on copies.
/// </summary>
public sealed class AuditedLog : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly string _root = System.IO.Directory.CreateTempSubdirectory("sigma-audit-").FullName;
    private readonly Dictionary<string, byte[]> _files = [];
    private int _copies;

    public AuditedLog()
    {
        using var cluster = ControlCluster.Of(4);
        CommandAnswer first = cluster.Order(cluster.Nodes[0], "first:1");
        cluster.Order(cluster.Nodes[1], "second:1");
        cluster.Govern(1, new MembershipChange.EndEpoch(new Epoch(1)));
        cluster.Until(() => cluster.StatusOf(cluster.Nodes[0]).Epoch.Value == 2 && cluster.Agree());
        CommandAnswer later = cluster.Order(cluster.Nodes[2], "third:1");

        // A certificate is kept once in a second.
        cluster.Cluster.Advance(TimeSpan.FromSeconds(2));
        cluster.Order(cluster.Nodes[3], "fourth:1");
        cluster.Until(cluster.Agree);
        Genesis = cluster.Genesis;
        InFirstEpoch = Prove(cluster, first);
        InSecondEpoch = Prove(cluster, later);
        FaultyDisk disk = cluster.Nodes[0].ControlDisk!;
        foreach (string name in disk.ListNames())
        {
            _files[name] = disk.BytesOf(name).ToArray();
        }
    }

    public ControlGenesis Genesis { get; }

    internal CommandProof InFirstEpoch { get; }

    internal CommandProof InSecondEpoch { get; }

    /// <summary>The epoch's last block.</summary>
    internal ulong EndHeight => InSecondEpoch.Handovers[0].Header.Height.Value;

    public void Dispose() => System.IO.Directory.Delete(_root, recursive: true);

    /// <summary>A copy of the folder.</summary>
    /// <param name="droppedBelow">Older blocks are not in it.</param>
    internal string Copy(ulong droppedBelow = 0)
    {
        string folder = Path.Combine(_root, $"{_copies++}");
        System.IO.Directory.CreateDirectory(folder);
        foreach ((string name, byte[] bytes) in _files)
        {
            bool isBlocks = BlockFile.TryParseName(name, out _);
            File.WriteAllBytes(Path.Combine(folder, name), isBlocks ? Without(bytes, droppedBelow) : bytes);
        }

        return folder;
    }

    internal ControlAuditReport Audit(string folder) => ControlAudit.Run(folder, Genesis, CancellationToken.None);

    internal static string BlocksOf(string folder) => System.IO.Directory.GetFiles(folder)
        .Single(path => BlockFile.TryParseName(Path.GetFileName(path), out _));

    private static byte[] Without(byte[] bytes, ulong below)
    {
        List<byte> kept = [];
        int at = 0;
        while (at + BlockEntry.SizeBytes <= bytes.Length
            && BlockEntry.TryRead(bytes.AsSpan(at, BlockEntry.SizeBytes), out BlockEntry entry))
        {
            int size = BlockEntry.SizeBytes + entry.PayloadSize;
            if (entry.Identity.Height.Value >= below)
            {
                kept.AddRange(bytes.AsSpan(at, size));
            }

            at += size;
        }

        return [.. kept];
    }

    private static CommandProof Prove(ControlCluster cluster, CommandAnswer answer)
    {
        SimNode node = cluster.Nodes[0];
        CommandProof? proof = cluster.Cluster.Run(() => node.Node.Control!.ProveFromGenesisAsync(
            answer.Client, answer.Sequence, answer.Height, Patience, CancellationToken.None));
        Assert.NotNull(proof);
        return proof;
    }
}
