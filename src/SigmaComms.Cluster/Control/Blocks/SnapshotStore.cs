using System.Globalization;
using SigmaComms.Cluster.Disks;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Blocks;

/// <summary>The newest two snapshots, and one that is coming in from peers. Survives power cuts anywhere.</summary>
/// <remarks>
/// One thread keeps this node's own and another takes in those of peers, each with a store of its own on the folder:
/// they write under different names, and who finds a file deleted meanwhile does without it.
/// </remarks>
internal sealed class SnapshotStore(IDisk disk)
{
    private const int KeptCount = 2;
    private const string Prefix = "snapshot-";
    private const string Suffix = ".snap";
    private const string NewName = "snapshot.new";
    private const string IntakeName = "snapshot.in";

    /// <summary>The heights of all snapshots that are whole as far as their names tell, newest first.</summary>
    public IReadOnlyList<Height> Heights =>
        [.. disk.ListNames().Select(HeightOf).OfType<Height>().OrderDescending()];

    /// <summary>Keeps a snapshot, durably, and deletes all but the newest two.</summary>
    /// <param name="block">The last block whose effects are in it.</param>
    /// <param name="stateRoot">The root of the state.</param>
    /// <param name="parts">
    /// The bytes, in parts of any size. They are gone through twice, first for the manifest, and never held as a whole.
    /// </param>
    public SnapshotManifest Write(
        BlockIdentity block, Digest stateRoot, IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        IEnumerable<ReadOnlyMemory<byte>> chunks = SnapshotChunks.Of(parts);
        var manifest = SnapshotManifest.Of(block, stateRoot, chunks);
        using (SnapshotFile file = SnapshotFile.Create(disk, NewName, manifest))
        {
            int index = 0;
            foreach (ReadOnlyMemory<byte> chunk in chunks)
            {
                bool isPut = file.TryPut(index, chunk.Span);
                Invariant.Holds(isPut);
                index++;
            }

            Invariant.Holds(index == manifest.Chunks.Count);

            file.Sync();
        }

        Publish(NewName, block.Height);
        return manifest;
    }

    /// <summary>Opens the snapshot of a height for reading chunks.</summary>
    /// <returns>Null if there is none or its manifest is damaged.</returns>
    public SnapshotFile? Open(Height height)
    {
        try
        {
            return SnapshotFile.Open(disk, NameOf(height), isChecked: false);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads a whole snapshot.</summary>
    /// <returns>Null if there is none of that height or any of it is damaged: take an older one, or a peer's.</returns>
    public byte[]? Read(Height height)
    {
        using SnapshotFile? file = Open(height);
        if (file is null)
        {
            return null;
        }

        byte[] snapshot = new byte[file.Manifest.SizeBytes];
        for (int i = 0; i < file.Manifest.Chunks.Count; i++)
        {
            if (file.Read(i) is not { } chunk)
            {
                return null;
            }

            chunk.CopyTo(snapshot, (long)i * SnapshotManifest.ChunkSize);
        }

        return snapshot;
    }

    /// <summary>Begins to take a snapshot from peers, or goes on where a process before left off.</summary>
    /// <param name="manifest">What it is; trusted as far as whoever agreed on its id.</param>
    public SnapshotFile BeginIntake(SnapshotManifest manifest)
    {
        if (disk.ListNames().Contains(IntakeName))
        {
            SnapshotFile? begun = SnapshotFile.Open(disk, IntakeName, isChecked: true);
            if (begun is not null && begun.Manifest.ComputeId() == manifest.ComputeId())
            {
                return begun;
            }

            begun?.Dispose();
        }

        return SnapshotFile.Create(disk, IntakeName, manifest);
    }

    /// <summary>Turns a snapshot whose chunks are all there into one of the store's own, durably.</summary>
    /// <param name="intake">From <see cref="BeginIntake"/>; disposed afterwards.</param>
    /// <returns>False if chunks are missing.</returns>
    public bool TryFinishIntake(SnapshotFile intake)
    {
        if (intake.Missing.Count > 0)
        {
            return false;
        }

        intake.Sync();
        Height height = intake.Manifest.Block.Height;
        intake.Dispose();
        Publish(IntakeName, height);
        return true;
    }

    /// <summary>Deletes a snapshot that turned out not to make the state of its root.</summary>
    public void Delete(Height height)
    {
        disk.Delete(NameOf(height));
        disk.SyncNames();
    }

    private static string NameOf(Height height) =>
        Prefix + height.Value.ToString("x16", CultureInfo.InvariantCulture) + Suffix;

    private static Height? HeightOf(string name) =>
        name.Length == Prefix.Length + 16 + Suffix.Length
        && ulong.TryParse(
            name.AsSpan(Prefix.Length, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out ulong value)
        && NameOf(new Height(value)) == name
            ? new Height(value)
            : null;

    private void Publish(string name, Height height)
    {
        disk.Rename(name, NameOf(height));
        disk.SyncNames();
        foreach (Height old in Heights.Skip(KeptCount))
        {
            disk.Delete(NameOf(old));
        }
    }
}
