using SigmaComms.Client.Vaults.Files;
using SigmaComms.Client.Vaults.Health;
using SigmaComms.Client.Vaults.History;
using SigmaComms.Client.Vaults.Mounting;
using SigmaComms.Client.Vaults.Sharing;
using SigmaComms.Client.Vaults.Trees;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults;

/// <summary>A vault that is open: its files, and what keeps them safe.</summary>
/// <remarks>
/// Every question is answered as of the log's end when it was asked. Safe to call from any thread; changes that come at
/// the same time share an entry of the log.
/// </remarks>
public sealed class OpenedVault : IAsyncDisposable
{
    private const int RemovalsAtOnce = 200;

    private const UnixFileMode ModeOfParents =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly VaultCore _core;
    private readonly CommitDesk _desk;
    private readonly FileReader _reader;
    private readonly FileWriter _writer;

    internal OpenedVault(VaultCore core)
    {
        _core = core;
        _desk = new CommitDesk(core);
        _reader = new FileReader(core);
        _writer = new FileWriter(core, _desk);
        Slots = new VaultSlots(core);
        Health = new VaultHealth(core);
        History = new VaultHistory(core, _desk);
    }

    /// <summary>What it is called here.</summary>
    public string Name => _core.Name;

    /// <summary>Its id.</summary>
    public Digest Vault => _core.Vault;

    /// <summary>Who may open it, and by what.</summary>
    public VaultSlots Slots { get; }

    /// <summary>What it holds, whether all of that can be read, and its repair.</summary>
    public VaultHealth Health { get; }

    /// <summary>Snapshots, and the cleaning up of what nobody needs any more.</summary>
    public VaultHistory History { get; }

    /// <summary>How far the log was followed.</summary>
    public LogPosition Position => _core.Session.Position;

    /// <summary>How the stripes lie on the nodes that were written since it was opened.</summary>
    public WrittenSpread Spread => _core.Spread.Sum;

    /// <summary>The most bytes of room that transfers ever had at once.</summary>
    internal long RoomMaxBytes => _core.Buffers.Figures.RentedMaxBytes;

    /// <summary>Where changes wait for each other.</summary>
    internal CommitDesk Desk => _desk;

    /// <summary>What all of it shares.</summary>
    internal VaultCore Core => _core;

    /// <summary>Follows the log to its end and remembers how far that is.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultException">The cluster cannot, or lies.</exception>
    public Task SyncAsync(CancellationToken cancellation) => _core.LookAsync(static _ => true, cancellation);

    /// <summary>What is known of a file, directory or link; links are not followed.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultException">There is nothing.</exception>
    public Task<VaultEntry> StatAsync(VaultPath path, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _core.LookAsync(state => Lookup.Entry(state, path), cancellation);
    }

    /// <summary>Lists a directory, sorted by the names' bytes; of anything else the thing itself.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultException">There is nothing.</exception>
    public Task<IReadOnlyList<VaultEntry>> ListAsync(VaultPath path, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _core.LookAsync<IReadOnlyList<VaultEntry>>(
            state =>
            {
                VaultEntry entry = Lookup.Entry(state, path);
                return entry.IsDirectory ? Lookup.Children(state, path, entry.Stat.Inode) : [entry];
            },
            cancellation);
    }

    /// <summary>Makes a directory.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="mode">Its permissions.</param>
    /// <param name="makesParents">Whether directories above it are made too, and one that is there is good.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultException">It cannot be made.</exception>
    public async Task MakeDirectoryAsync(
        VaultPath path, UnixFileMode mode, bool makesParents, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        Change change = new(path, state => DirectoryPlan.Of(_core, state, path, mode, makesParents));
        await CommitAsync(change, cancellation);
    }

    /// <summary>Puts what a stream holds into a file, which replaces what had its name at once or not at all.</summary>
    /// <param name="source">Read from where it is to its end; not disposed.</param>
    /// <param name="path">The file's path; its directory has to be there, unless it may be made.</param>
    /// <param name="options">Mode, owner, time, whether a file may be replaced.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Gives up; what was sent is cleared away.</param>
    /// <exception cref="VaultException">It cannot be put.</exception>
    public async Task PutAsync(
        Stream source,
        VaultPath path,
        PutOptions options,
        IProgress<VaultProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);

        await MakeParentsAsync(path, options, cancellation);

        // What cannot work is said before anything is read.
        await _core.LookAsync(state => Lookup.Place(state, path, 0), cancellation);
        ProgressCount count = new(progress, source.CanSeek ? source.Length - source.Position : -1, 1);
        long modified = options.ModifiedAt is { } date ? UnixTime.Of(date) : _core.Now;
        FileTarget target = new(path, options.Owner, modified, options.MayReplace);
        await _writer.PutAsync(source, target, _core.Options.Scatter.WindowBytes, count.Add, cancellation);
        count.FileDone();
        await EndChangeAsync(cancellation);
    }

    /// <summary>Gives a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="destination">Receives its bytes; not disposed.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultException">It cannot be read; what was given before is right.</exception>
    public async Task GetAsync(
        VaultPath path, Stream destination, IProgress<VaultProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(destination);
        ReadPlan plan = await _reader.PlanAsync(
            state => Lookup.Find(state, path), path, 0, long.MaxValue, cancellation);
        ProgressCount count = new(progress, plan.Length, 1);
        await _reader.ReadAsync(plan, _core.Options.Scatter, destination, count.Add, cancellation);
        count.FileDone();
    }

    /// <summary>Gives a range of a file; what is beyond its end is left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many bytes at most.</param>
    /// <param name="destination">Receives the bytes; not disposed.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many bytes were given.</returns>
    /// <exception cref="VaultException">It cannot be read; what was given before is right.</exception>
    public Task<long> ReadAsync(
        VaultPath path, long offset, long length, Stream destination, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(destination);
        return _reader.ReadAsync(path, offset, length, destination, static _ => { }, cancellation);
    }

    /// <summary>Puts a file, link or folder of this machine with all that is in it.</summary>
    /// <param name="local">Its path here.</param>
    /// <param name="target">The path it gets; a directory of that name is filled up, a file replaced.</param>
    /// <param name="options">What may be replaced and made; modes, owners and times are those of the files.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Gives up; every file that was begun is whole or not there.</param>
    /// <exception cref="VaultException">It cannot be put.</exception>
    public async Task<TreeResult> PutTreeAsync(
        string local,
        VaultPath target,
        PutOptions options,
        IProgress<VaultProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(options);
        LocalTree tree = LocalTree.Scan(local, target, cancellation);
        await MakeParentsAsync(target, options, cancellation);
        await _core.LookAsync(state => target.IsRoot || Lookup.Place(state, target, 0).Parent != 0, cancellation);
        TreeWriter writer = new(_core, _desk, _writer, options);
        TreeResult result = await writer.PutAsync(tree, progress, cancellation);
        await EndChangeAsync(cancellation);
        return result;
    }

    /// <summary>Gets a file, link or directory with all that is in it.</summary>
    /// <param name="source">Its path in the vault.</param>
    /// <param name="local">The path it gets here; a folder of that name is filled up.</param>
    /// <param name="options">Whether files may be replaced.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Gives up; every file that was begun is whole or not there.</param>
    /// <exception cref="VaultException">It cannot be got.</exception>
    public async Task<TreeResult> GetTreeAsync(
        VaultPath source,
        string local,
        GetOptions options,
        IProgress<VaultProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(options);
        TreeReader reader = new(_core, _reader, options);
        return await reader.GetAsync(source, local, progress, cancellation);
    }

    /// <summary>Moves a file or directory.</summary>
    /// <param name="from">Its path.</param>
    /// <param name="to">The path it gets; its directory has to be there.</param>
    /// <param name="mayReplace">Whether a file, or an empty directory, of that name may be there.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultException">It cannot be moved.</exception>
    public async Task MoveAsync(VaultPath from, VaultPath to, bool mayReplace, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        await CommitAsync(new Change(from, state => MovePlan.Of(_core, state, from, to, mayReplace)), cancellation);
    }

    /// <summary>Removes a file, link or directory.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="isRecursive">Whether a directory is removed with all that is in it.</param>
    /// <param name="cancellation">Gives up; a directory may then have lost a part.</param>
    /// <returns>How many files, links and directories were removed.</returns>
    /// <exception cref="VaultException">It cannot be removed.</exception>
    public async Task<long> RemoveAsync(VaultPath path, bool isRecursive, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        IReadOnlyList<Removal> removals =
            await _core.LookAsync(state => Removal.Of(state, path, isRecursive), cancellation);
        foreach (Removal[] together in removals.Chunk(RemovalsAtOnce))
        {
            Change change = new(path, state => Removal.Operations(state, together, _core.Now));
            await _desk.CommitAsync(change, cancellation);
        }

        await History.NameReleasedAsync(cancellation);
        await EndChangeAsync(cancellation);
        return removals.Count;
    }

    /// <summary>
    /// Shows the vault as a kernel sees a filesystem. From then on it is used, and closed, by that alone.
    /// </summary>
    /// <param name="options">How it behaves.</param>
    /// <exception cref="InvalidOperationException">It is mounted already.</exception>
    public MountedVault Mount(MountOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new MountedVault(_core, options);
    }

    /// <summary>Closes the vault and forgets its keys. May be called twice.</summary>
    public ValueTask DisposeAsync() => _core.DisposeAsync();

    private Task MakeParentsAsync(VaultPath path, PutOptions options, CancellationToken cancellation) =>
        options.MakesParents && !path.Parent.IsRoot
            ? MakeDirectoryAsync(path.Parent, ModeOfParents, makesParents: true, cancellation)
            : Task.CompletedTask;

    private async Task CommitAsync(Change change, CancellationToken cancellation)
    {
        await _core.LookAsync(change.Plan, cancellation);
        await _desk.CommitAsync(change, cancellation);
        await EndChangeAsync(cancellation);
    }

    private async Task EndChangeAsync(CancellationToken cancellation)
    {
        await _core.RememberAsync(cancellation);
        await History.KeepShortAsync(cancellation);
    }
}
