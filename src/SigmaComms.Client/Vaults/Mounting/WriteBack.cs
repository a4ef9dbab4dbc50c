using SigmaComms.Vault;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Scatter;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Client.Vaults.Mounting;

/// <summary>
/// Brings written bytes to the nodes. Large pieces become stripes of their own; small ones of whatever files share
/// stripes, which an unnamed file has for a moment, so that a thousand small files are a few stripes.
/// </summary>
internal sealed class WriteBack(VaultCore core, MountFront front, ContentCache cache)
{
    private const int StripesAtOnce = 8;
    private const int PackedMax = 128 * 1024;
    private const int PackedPiecesMax = 200;
    private const int StripeSizeMax = DirtyRanges.PieceMax;
    private const int OperationsRoomBytes = 36_000;
    private const int WriteBytes = 180;

    /// <summary>Stores what was written into files up to now.</summary>
    /// <param name="files">The files.</param>
    /// <param name="ct">Gives up; what is not stored stays.</param>
    /// <returns>The first error; what could not be stored stays as well, unless its file is gone.</returns>
    public async Task<Errno> StoreAsync(IEnumerable<MountedFile> files, CancellationToken ct)
    {
        // Always in the same order: two that store some of the same files do not wait for each other.
        List<LeavingFile> leaving = [];
        try
        {
            foreach (MountedFile file in files.OrderBy(static file => file.Inode))
            {
                await file.Turn.WaitAsync(ct);
                LeavingFile taken = LeavingFile.Take(file, front);
                leaving.Add(taken);
            }

            return await StoreTakenAsync(leaving, ct);
        }
        catch (ScatterException e)
        {
            front.Note(VaultErrors.Of(e, VaultPath.Root).Message);
            return Errno.Io;
        }
        catch (VaultException e)
        {
            front.Note(e.Message);
            return Errno.Io;
        }
        catch (TimeoutException)
        {
            return Errno.Io;
        }
        finally
        {
            foreach (LeavingFile file in leaving)
            {
                file.End();
            }
        }
    }

    private async Task<Errno> StoreTakenAsync(List<LeavingFile> files, CancellationToken ct)
    {
        (VaultShape shape, int epoch, StripeKeys keys) = await core.NewestKeysAsync(ct);
        int sizeMax = Math.Min(StripeSizeMax, shape.StripeSizeBytes);
        using StripeScatter scatter =
            new(shape, keys, core.Options.Storage, core.Buffers, core.Options.Random, core.Options.Scatter);
        List<Pack> packs = [];
        List<Task<ScatteredStripe>> underWay = [];
        using SemaphoreSlim places = new(StripesAtOnce);
        foreach (LeavingFile file in files)
        {
            foreach ((long offset, ReadOnlyMemory<byte> bytes) in file.Pieces)
            {
                for (int from = 0; from < bytes.Length; from += sizeMax)
                {
                    ReadOnlyMemory<byte> part = bytes.Slice(from, Math.Min(sizeMax, bytes.Length - from));
                    Place(packs, new PackedPiece(file, offset + from, part), sizeMax);
                }
            }
        }

        try
        {
            foreach (Pack pack in packs)
            {
                await places.WaitAsync(ct);
                underWay.Add(SendAsync(scatter, pack, places, ct));
            }
        }
        finally
        {
            // All must have ended before what they use is gone; the first failure is thrown here.
            ScatteredStripe[] stripes = await Task.WhenAll(underWay);
            for (int i = 0; i < stripes.Length; i++)
            {
                packs[i].Stripe = stripes[i];
            }
        }

        return await NameAsync(files, packs, shape, epoch, ct);
    }

    // A piece that fills a good part of a stripe gets its own: it needs no detour over another file.
    private static void Place(List<Pack> packs, PackedPiece piece, int sizeMax)
    {
        Pack? open = packs.FindLast(static pack => pack.IsShared);
        if (piece.Bytes.Length >= Math.Min(PackedMax, sizeMax))
        {
            packs.Add(new Pack(isShared: false) { Pieces = { piece } });
        }
        else if (open is not null && open.SizeBytes + piece.Bytes.Length <= sizeMax
            && open.Pieces.Count < PackedPiecesMax)
        {
            open.Pieces.Add(piece);
        }
        else
        {
            packs.Add(new Pack(isShared: true) { Pieces = { piece } });
        }
    }

    private async Task<ScatteredStripe> SendAsync(
        StripeScatter scatter, Pack pack, SemaphoreSlim places, CancellationToken ct)
    {
        try
        {
            byte[] plaintext = new byte[pack.SizeBytes];
            int at = 0;
            foreach (PackedPiece piece in pack.Pieces)
            {
                piece.Bytes.CopyTo(plaintext.AsMemory(at));
                at += piece.Bytes.Length;
            }

            using MemoryStream source = new(plaintext, writable: false);
            await foreach (ScatteredStripe stripe in scatter.WriteAsync(source, ct))
            {
                cache.Put(stripe.Entry.Stripe, plaintext);
                return stripe;
            }

            throw new System.Diagnostics.UnreachableException();
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<Errno> NameAsync(
        List<LeavingFile> files, List<Pack> packs, VaultShape shape, int epoch, CancellationToken ct)
    {
        List<Task<Errno>> fates = [];
        int fragments = shape.DataFragments + shape.ParityFragments;
        int together = Math.Max(1, OperationsRoomBytes / (WriteBytes + (32 * fragments)));
        foreach (Pack[] own in packs.Where(static pack => !pack.IsShared).Chunk(together))
        {
            fates.Add(await front.ForeseeAsync(
                state => [.. own.SelectMany(pack => Whole(state, pack))], epoch, ct));
        }

        foreach (Pack pack in packs.Where(static pack => pack.IsShared))
        {
            ulong scratch = front.NewInode();
            fates.Add(await front.ForeseeAsync(state => Shared(state, pack, scratch), epoch, ct));
        }

        foreach (List<LeavingFile> ended in Together(files))
        {
            fates.Add(await front.ForeseeAsync(
                state => [.. ended.SelectMany(file => file.Ending(state, core.Now))], 0, ct));
        }

        // Bytes stay until the log has what names them: a change that others overtook is not stored.
        Errno[] errors = await Task.WhenAll(fates).WaitAsync(ct);
        Errno first = Array.Find(errors, static error => error != Errno.None);
        foreach (LeavingFile file in files)
        {
            file.IsStored = first == Errno.None;
        }

        return first;
    }

    /// <summary>Files whose last operations fit into an entry.</summary>
    private static IEnumerable<List<LeavingFile>> Together(List<LeavingFile> files)
    {
        List<LeavingFile> together = [];
        int size = 0;
        foreach (LeavingFile file in files)
        {
            if (together.Count > 0 && size + file.EndingBytes > OperationsRoomBytes)
            {
                yield return together;
                (together, size) = ([], 0);
            }

            together.Add(file);
            size += file.EndingBytes;
        }

        if (together.Count > 0)
        {
            yield return together;
        }
    }

    private static IEnumerable<NamespaceOperation> Whole(NamespaceState state, Pack pack)
    {
        PackedPiece piece = pack.Pieces[0];
        LeavingFile file = piece.File;
        return file.Beginning(state).Concat(
            file.IsThere(state)
                ? [new WriteStripe(file.Inode, piece.Offset, piece.Bytes.Length, pack.Stripe!.Entry, file.At)]
                : []);
    }

    private List<NamespaceOperation> Shared(NamespaceState state, Pack pack, ulong scratch)
    {
        long now = core.Now;
        List<NamespaceOperation> operations =
        [
            new MakeUnnamed(scratch, default, now),
            new WriteStripe(scratch, 0, pack.SizeBytes, pack.Stripe!.Entry, now),
        ];
        long at = 0;
        foreach (PackedPiece piece in pack.Pieces)
        {
            LeavingFile file = piece.File;
            if (file.IsThere(state))
            {
                operations.AddRange(file.Beginning(state));
                operations.Add(new CloneRange(scratch, at, file.Inode, piece.Offset, piece.Bytes.Length, file.At));
            }

            at += piece.Bytes.Length;
        }

        operations.Add(new Release(scratch));
        return operations;
    }

    private sealed record PackedPiece(LeavingFile File, long Offset, ReadOnlyMemory<byte> Bytes);

    private sealed class Pack(bool isShared)
    {
        public bool IsShared { get; } = isShared;

        public List<PackedPiece> Pieces { get; init; } = [];

        public int SizeBytes => Pieces.Sum(static piece => piece.Bytes.Length);

        public ScatteredStripe? Stripe { get; set; }
    }
}
