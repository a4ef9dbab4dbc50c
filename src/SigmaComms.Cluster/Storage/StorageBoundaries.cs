using SigmaComms.Cluster.Disks;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage;

/// <summary>Where the fragment store touches the world.</summary>
/// <param name="Exists">Whether there is anything yet; makes nothing.</param>
/// <param name="OpenDisk">Opens the folder of the volumes, and makes it.</param>
/// <param name="OpenIndex">Opens the index, and makes it.</param>
/// <param name="DropIndex">Takes a damaged index away, so that the next one is made anew.</param>
/// <param name="FreeBytes">Bytes that the disk has free.</param>
internal sealed record StorageBoundaries(
    Func<bool> Exists,
    Func<IDisk> OpenDisk,
    Func<IFragmentIndex> OpenIndex,
    Action DropIndex,
    Func<long> FreeBytes)
{
    /// <summary>Whether the disk is waited for on threads of its own; in a simulation there are none.</summary>
    public bool HasThreads { get; init; } = true;

    /// <summary>The real world: a folder.</summary>
    public static StorageBoundaries Of(string folder)
    {
        string index = Path.Combine(folder, "index.db");
        return new StorageBoundaries(
            () => System.IO.Directory.Exists(folder) && System.IO.Directory.EnumerateFiles(folder).Any(),
            () => new FolderDisk(folder),
            () => SqliteFragmentIndex.Open(index),
            () => SqliteFragmentIndex.Delete(index),
            () => new DriveInfo(System.IO.Directory.Exists(folder) ? folder : ParentOf(folder)).AvailableFreeSpace);
    }

    private static string ParentOf(string folder) => Path.GetDirectoryName(Path.GetFullPath(folder)) ?? folder;
}
