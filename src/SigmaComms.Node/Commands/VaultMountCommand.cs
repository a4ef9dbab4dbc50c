using System.CommandLine;
using SigmaComms.Client.Vaults;
using SigmaComms.Client.Vaults.Mounting;
using SigmaComms.Fuse.Session;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Mounts;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault mount.</summary>
internal sealed class VaultMountCommand : VaultVerb
{
    private readonly Argument<string> _name = new("name") { Description = "The vault" };

    private readonly Argument<string> _directory = new("dir") { Description = "An empty folder" };

    private readonly Option<bool> _readOnly = new("--read-only") { Description = "Nothing can be changed" };

    private readonly Option<bool> _allowOther = new("--allow-other")
    {
        Description = "Other users may use it too, as far as owners and modes let them",
    };

    private readonly Option<uint?> _uid = new("--uid") { HelpName = "ID", Description = "Show all as this user's" };

    private readonly Option<uint?> _gid = new("--gid") { HelpName = "ID", Description = "Show all as this group's" };

    private readonly Option<bool> _strict = new("--strict")
    {
        Description = "Each change waits until the cluster has ordered it, always",
    };

    private readonly Option<int> _cache = new("--cache")
    {
        HelpName = "MIB",
        Description = "Memory for what was read, and half as much for what was written. Default: 256",
        DefaultValueFactory = _ => 256,
    };

    public VaultMountCommand()
        : base(
            "mount",
            "Shows a vault as a folder until it is unmounted or this command is stopped.",
            "sigma vault mount backup ~/backup",
            "sigma vault mount backup /mnt/backup --read-only --allow-other")
    {
        _cache.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 16 or > 1 << 20)
            {
                result.AddError("--cache takes 16 to 1048576 MiB");
            }
        });
        Add(_name);
        Add(_directory);
        Add(_readOnly);
        Add(_allowOther);
        Add(_uid);
        Add(_gid);
        Add(_strict);
        Add(_cache);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = context.Arguments.GetRequiredValue(_name);
        string directory = context.Arguments.GetRequiredValue(_directory);
        VaultKeyChoice key = KeyOf(context);
        await using VaultDoor door = await VaultDoor.OpenAsync(context);
        OpenedVault opened = await key.OpenAsync(door.Client, name, context.Stop);
        long cacheBytes = (long)context.Arguments.GetValue(_cache) << 20;
        await using MountedVault vault = opened.Mount(new MountOptions
        {
            CacheBytes = cacheBytes,
            DirtyBytesMax = cacheBytes / 2,
            IsReadOnly = context.Arguments.GetValue(_readOnly),
            IsStrict = context.Arguments.GetValue(_strict),
        });
        MountView view = new(
            (context.Arguments.GetValue(_uid), context.Arguments.GetValue(_gid)), () => RoomOf(door));
        return await ServeAsync(context, name, directory, new VaultFileSystem(vault, view));
    }

    private async Task<ExitCode> ServeAsync(
        CommandContext context, string name, string directory, VaultFileSystem files)
    {
        FuseOptions options = new()
        {
            Source = $"sigma:{name}",
            ReadOnly = context.Arguments.GetValue(_readOnly),
            AllowOther = context.Arguments.GetValue(_allowOther),
            Time = context.Time,
        };
        await using FuseSession session = FuseSession.Mount(directory, files, options);
        await session.Agreed;
        context.Output.Note($"{name} is mounted on {session.Path}; Ctrl-C unmounts it");
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (context.Stop.Register(stopped.SetResult))
        {
            await Task.WhenAny(session.Ended, stopped.Task);
        }

        UnmountOutcome outcome = await session.UnmountAsync(CancellationToken.None);
        await session.Ended;

        // Whoever unmounted it did not wait for the cluster.
        await files.FlushAllAsync(CancellationToken.None);
        context.Output.Detail($"unmounted: {outcome}");
        if (files.Lost is { } lost)
        {
            throw new CommandException(
                ExitCode.Partial, $"not all that was written to {name} is in the cluster", lost,
                "sigma vault status shows which nodes are away");
        }

        return ExitCode.Ok;
    }

    // What the nodes have, less what others' fragments of a file take beside its own bytes is not known before it is
    // written: what is told is bytes of nodes.
    private static (long Capacity, long Free) RoomOf(VaultDoor door)
    {
        long capacity = 0;
        long free = 0;
        foreach (StorageNodeStatus node in door.StorageNodes.Select(static view => view.Node))
        {
            capacity += (long)node.CapacityBytes;
            free += (long)node.FreeBytes;
        }

        return (capacity, free);
    }
}
