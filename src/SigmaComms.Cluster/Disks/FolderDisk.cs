using System.Runtime.ExceptionServices;

namespace SigmaComms.Cluster.Disks;

/// <summary>A folder of the file system.</summary>
internal sealed class FolderDisk : IDisk
{
    private readonly string _folder;

    /// <summary>Takes a folder, and makes it durably if it is not there.</summary>
    public FolderDisk(string folder)
    {
        _folder = Path.GetFullPath(folder);
        if (System.IO.Directory.Exists(_folder))
        {
            return;
        }

        System.IO.Directory.CreateDirectory(_folder);
        if (Path.GetDirectoryName(_folder) is { } parent)
        {
            DurableFolder.Flush(parent);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListNames() =>
        [.. System.IO.Directory.EnumerateFiles(_folder)
            .Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public IDiskFile Create(string name, long sizeBytes) => FolderFile.Create(PathOf(name), sizeBytes);

    /// <inheritdoc/>
    public IDiskFile Open(string name) => FolderFile.Open(PathOf(name));

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    /// <inheritdoc/>
    public void Delete(string name) => File.Delete(PathOf(name));

    /// <inheritdoc/>
    public void SyncNames() => DurableFolder.Flush(_folder);

    /// <inheritdoc/>
    public void SyncTogether(IDiskFile first, IDiskFile second)
    {
        try
        {
            Parallel.Invoke(first.Sync, second.Sync);
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }

    /// <inheritdoc/>
    public IDisposable Lock(string name) =>
        new FileStream(PathOf(name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

    private string PathOf(string name)
    {
        if (name.Length == 0 || Path.GetFileName(name) != name)
        {
            throw new ArgumentException("Only a plain file name names a file of this folder.", nameof(name));
        }

        return Path.Combine(_folder, name);
    }
}
