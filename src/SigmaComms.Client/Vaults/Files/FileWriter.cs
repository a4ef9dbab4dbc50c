using SigmaComms.Cryptography;
using SigmaComms.Vault;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;
using SigmaComms.Vault.Transactions;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Client.Vaults.Files;

/// <summary>
/// Writes files. A file gets its name by the last entry of the log it needs, so that whatever fails before leaves what
/// was there.
/// </summary>
internal sealed class FileWriter(VaultCore core, CommitDesk desk)
{
    private const int AttemptsMax = 3;

    /// <summary>What a write of a stripe takes beside its entry, and what an entry needs for the file's name.</summary>
    private const int WriteSizeBytes = 32;

    private const int NamingSizeBytes = 4_096;

    /// <summary>Writes all that a stream holds.</summary>
    /// <param name="source">Read from where it is; not disposed.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="windowBytes">How many bytes may be under way.</param>
    /// <param name="counted">Told of bytes that nodes have.</param>
    /// <param name="ct">Gives up; what was sent is cleared away.</param>
    public async Task PutAsync(
        Stream source, FileTarget target, long windowBytes, Action<long> counted, CancellationToken ct)
    {
        long start = source.CanSeek ? source.Position : 0;
        for (int attempt = 1; ; attempt++)
        {
            long done = 0;
            void Count(long bytes)
            {
                done += bytes;
                counted(bytes);
            }

            if (await TryPutAsync(source, target, windowBytes, Count, ct))
            {
                return;
            }

            if (!source.CanSeek || attempt == AttemptsMax)
            {
                throw new VaultException(
                    VaultFailure.Changed,
                    $"{target.Path}: the vault's keys were changed while the file was written, or that took more than "
                    + $"{StagingTime.AgeMax.TotalHours} hours. Put it again.");
            }

            counted(-done);
            source.Position = start;
        }
    }

    private async Task<bool> TryPutAsync(
        Stream source, FileTarget target, long windowBytes, Action<long> counted, CancellationToken ct)
    {
        byte[] head = new byte[NamespaceLimits.InlineSizeMax + 1];
        int length = await source.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
        if (length < head.Length)
        {
            target.Staged();
            await PutInlineAsync(target, head.AsMemory(0, length), ct);
            counted(length);
            return true;
        }

        (VaultShape shape, int epoch, StripeKeys keys) = await core.NewestKeysAsync(ct);
        StagedFile staged = new(core, keys, core.Session.NewInode());
        ScatterOptions options = Bounds.With(core.Options.Scatter, windowBytes);
        using StripeScatter scatter =
            new(shape, keys, core.Options.Storage, core.Buffers, core.Options.Random, options);
        await using PrefixedStream whole = new(head, source);
        long expected = source.CanSeek ? Math.Max(length, source.Length - source.Position + length) : long.MaxValue;
        return await PutStripesAsync(scatter.WriteAsync(whole, expected, ct), staged, target, epoch, counted, ct);
    }

    private Task<bool> PutInlineAsync(FileTarget target, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        ulong inode = 0;
        return desk.CommitAsync(
            new Change(target.Path, state =>
            {
                inode = inode == 0 ? core.Session.NewInode() : inode;
                WriteInline write = new(inode, content, core.Now);
                return MakeAnew(state, target, inode, content.Length == 0 ? [] : [write]);
            }),
            ct);
    }

    private async Task<bool> PutStripesAsync(
        IAsyncEnumerable<ScatteredStripe> stripes,
        StagedFile staged,
        FileTarget target,
        int epoch,
        Action<long> counted,
        CancellationToken ct)
    {
        bool isNamed = false;
        try
        {
            await foreach (ScatteredStripe stripe in stripes.WithCancellation(ct))
            {
                if (staged.Count == StripesMax(stripe.Entry.Fragments)
                    && !await AppendAsync(staged, target, epoch, ct))
                {
                    return false;
                }

                staged.Add(stripe);
                core.Spread.Add(stripe, core.Options.Storage.Placement.Nodes.Count);
                counted(stripe.Entry.PlaintextLength);
            }

            target.Staged();
            isNamed = await NameAsync(staged, target, epoch, ct);
            return isNamed;
        }
        catch (ScatterException e)
        {
            throw VaultErrors.Of(e, target.Path);
        }
        finally
        {
            // What the log may name must not be deleted.
            if (!isNamed && !staged.IsSent)
            {
                await staged.ClearAwayAsync();
                await ForgetAsync(staged, target.Path);
            }
        }
    }

    private static int StripesMax(int fragments) =>
        (VaultTransaction.OperationsSizeMax - NamingSizeBytes)
        / (WriteSizeBytes + StripeEntry.HeadSize + (fragments * Digest.SizeBytes));

    /// <summary>Puts the waiting stripes into the file, which has no name yet and is held by this device.</summary>
    private Task<bool> AppendAsync(StagedFile staged, FileTarget target, int epoch, CancellationToken ct)
    {
        Change change = new(
            target.Path,
            _ => staged.IsMade
                ? staged.Writes(core.Now)
                : [new MakeUnnamed(staged.Inode, target.Owner, core.Now), .. staged.Writes(core.Now)],
            epoch)
        {
            IsOverdue = staged.Deadline(),
        };
        return staged.SendAsync(desk, change, ct);
    }

    private Task<bool> NameAsync(StagedFile staged, FileTarget target, int epoch, CancellationToken ct)
    {
        Change change = new(
            target.Path,
            state => staged.IsMade
                ? NameMade(state, target, staged)
                : MakeAnew(state, target, staged.Inode, staged.Writes(core.Now)),
            epoch)
        {
            IsOverdue = staged.Deadline(),
        };
        return staged.SendAsync(desk, change, ct);
    }

    private List<NamespaceOperation> NameMade(NamespaceState state, FileTarget target, StagedFile staged)
    {
        long now = core.Now;
        List<NamespaceOperation> operations = MakeRoom(state, target, now, out ulong parent);
        operations.AddRange(staged.Writes(now));
        operations.Add(new Link(staged.Inode, parent, target.Path.Name, now));
        operations.Add(Dated(staged.Inode, target, now));
        operations.Add(new Release(staged.Inode));
        return operations;
    }

    private List<NamespaceOperation> MakeAnew(
        NamespaceState state, FileTarget target, ulong inode, IReadOnlyList<NamespaceOperation> content)
    {
        long now = core.Now;
        List<NamespaceOperation> operations = MakeRoom(state, target, now, out ulong parent);
        operations.Add(new Make(parent, target.Path.Name, inode, FileKind.Regular, target.Owner, 0, now));
        operations.AddRange(content);
        operations.Add(Dated(inode, target, now));
        return operations;
    }

    /// <summary>Finds the directory, and takes the name from what has it now.</summary>
    internal static List<NamespaceOperation> MakeRoom(
        NamespaceState state, FileTarget target, long now, out ulong parent)
    {
        (parent, ulong former) = Lookup.Place(state, target.Path, target.Parent);
        if (former == 0)
        {
            return [];
        }

        if (!target.MayReplace || Lookup.IsDirectory(state, former))
        {
            throw VaultException.Of(target.MayReplace ? Errno.IsDirectory : Errno.Exists, target.Path);
        }

        return [new Unlink(parent, target.Path.Name, now)];
    }

    /// <summary>Sets when the content of a file or link changed.</summary>
    internal static SetAttributes Dated(ulong inode, FileTarget target, long now) =>
        new(inode, AttributeFields.ModifiedAt, default, 0, target.ModifiedAt, now);

    /// <summary>Lets go of a file that will get no name, so that its stripes are released.</summary>
    private async Task ForgetAsync(StagedFile staged, VaultPath path)
    {
        if (!staged.IsMade)
        {
            return;
        }

        Change change = new(path, state =>
            state.TryStat(staged.Inode, out InodeStat stat) && stat.Links == 0 ? [new Release(staged.Inode)] : []);
        try
        {
            await desk.CommitAsync(change, core.Closing);
        }
        catch (Exception e) when (e is VaultException or OperationCanceledException)
        {
            // 'gc' does it later.
        }
    }
}
