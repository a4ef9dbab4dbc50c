using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Vaults.Mounting;

/// <summary>Reads files: stripes from memory or the nodes, and what was just written over them.</summary>
internal sealed class ContentReader
{
    private readonly VaultCore _core;
    private readonly MountFront _front;
    private readonly StripeGather _gather;

    public ContentReader(VaultCore core, MountFront front, long cacheBytes)
    {
        (_core, _front) = (core, front);
        _gather = new StripeGather(core.Options.Storage, core.Buffers, core.Options.Scatter);
        Cache = new ContentCache(cacheBytes, FetchAsync);
    }

    /// <summary>Plaintext of stripes.</summary>
    public ContentCache Cache { get; }

    /// <summary>Reads a range.</summary>
    public async ValueTask<(Errno Error, int Count)> ReadAsync(
        MountedFile? file, ulong inode, long offset, Memory<byte> room, CancellationToken ct)
    {
        while (true)
        {
            (int moves, long size, bool isWhole) = file is null ? (0, -1, false) : Begin(file, offset, room);
            ReadBase read = _front.Look(state => ReadBase.Of(state, _core, inode, offset, room.Length, size));
            if (read.Error != Errno.None || read.Count == 0)
            {
                return (read.Error, 0);
            }

            if (!isWhole)
            {
                Memory<byte> target = room[..read.Count];
                target.Span.Clear();
                if (await FillAsync(read, target, ct) is not Errno.None and var error)
                {
                    return (error, 0);
                }
            }

            if (file is null || End(file, moves, offset, room[..read.Count]))
            {
                return (Errno.None, read.Count);
            }
        }
    }

    private static (int Moves, long Size, bool IsWhole) Begin(MountedFile file, long offset, Memory<byte> room)
    {
        lock (file.Gate)
        {
            return (file.Moves, file.Size, file.Dirty.Covers(offset, offset + room.Length));
        }
    }

    // What moved to the nodes meanwhile may be missing from what was read: then it is read again.
    private static bool End(MountedFile file, int moves, long offset, Memory<byte> room)
    {
        lock (file.Gate)
        {
            if (file.Moves != moves)
            {
                return false;
            }

            file.Leaving?.CopyTo(offset, room.Span);
            file.Dirty.CopyTo(offset, room.Span);
            return true;
        }
    }

    private async ValueTask<Errno> FillAsync(ReadBase read, Memory<byte> target, CancellationToken ct)
    {
        read.Inline.CopyTo(target);
        foreach ((int at, int from, int length, LockedStripe stripe) in read.Pieces)
        {
            byte[]? plaintext = Cache.Find(stripe.Entry.Stripe);
            try
            {
                plaintext ??= await Cache.GetAsync(stripe, ct);
            }
            catch (VaultException e)
            {
                _front.Note(e.Message);
                return Errno.Io;
            }

            plaintext.AsSpan(from, length).CopyTo(target.Span[at..]);
        }

        return Errno.None;
    }

    private async Task<byte[]> FetchAsync(LockedStripe stripe, CancellationToken ct)
    {
        byte[] plaintext = new byte[stripe.Entry.PlaintextLength];
        GatherResult result = await _gather.ReadAsync(stripe, plaintext, ct);
        return result.Status == GatherStatus.Read ? plaintext : throw VaultErrors.Of(result, VaultPath.Root);
    }
}
