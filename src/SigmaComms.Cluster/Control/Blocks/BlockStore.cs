using System.Collections.Immutable;
using SigmaComms.Cluster.Disks;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control.Blocks;

/// <summary>
/// Finalized blocks by height, and proofs that they are final, for peers that are behind and for clients. Everything
/// stands under the header that was verified before.
/// </summary>
/// <remarks>
/// It costs a turn no sync: until <see cref="Sync"/> the write-ahead log has the blocks, and only then may old segments
/// of the log go. What is torn, rotten or lost here is just not there and is put again, from the log or from peers:
/// every block can be checked by its header. One thread changes it; any may read meanwhile.
/// </remarks>
internal sealed class BlockStore : IDisposable
{
    private readonly IDisk _disk;
    private readonly BlockStoreOptions _options;
    private readonly Func<ReadOnlyMemory<byte>, BlockIdentity?> _identify;

    // Replaced as a whole, so that who reads on another thread sees one or the other.
    private ImmutableSortedDictionary<ulong, BlockFile> _files = ImmutableSortedDictionary<ulong, BlockFile>.Empty;
    private (Height Height, long Timestamp)? _lastKept;
    private bool _areNamesSynced;
    private bool _isBroken;

    private BlockStore(
        IDisk disk, BlockStoreOptions options, Func<ReadOnlyMemory<byte>, BlockIdentity?> identify)
    {
        (_disk, _options, _identify) = (disk, options, identify);
    }

    /// <summary>Bytes of all files.</summary>
    public long SizeBytes => _files.Values.Sum(file => file.SizeBytes);

    /// <summary>Opens what is there.</summary>
    /// <param name="disk">The folder.</param>
    /// <param name="options">What is kept.</param>
    /// <param name="identify">Computes what bytes are; null if they are no block. Never throws.</param>
    public static BlockStore Open(
        IDisk disk, BlockStoreOptions options, Func<ReadOnlyMemory<byte>, BlockIdentity?> identify)
    {
        BlockStore store = new(disk, options, identify);
        foreach (string name in disk.ListNames())
        {
            if (BlockFile.TryParseName(name, out ulong number))
            {
                store._files = store._files.Add(number, BlockFile.Open(disk, number));
            }
        }

        return store;
    }

    /// <summary>Keeps a finalized block.</summary>
    /// <param name="verified">Its height and digest, from a chain that leads to a verified finalization.</param>
    /// <param name="block">The bytes; from a peer perhaps.</param>
    /// <returns>False if the bytes are not that block; nothing is kept.</returns>
    /// <exception cref="InvalidOperationException">
    /// Another block is final at that height: agreement is broken.
    /// </exception>
    public bool Put(BlockIdentity verified, ReadOnlyMemory<byte> block)
    {
        RequireUnbroken();
        if (block.Length > BlockEntry.PayloadSizeMax || _identify(block) != verified)
        {
            return false;
        }

        BlockFile file = FileFor(verified.Height);
        if (file.TryFind(verified.Height.Value, BlockEntryKind.Block, out BlockEntry known))
        {
            // A torn one may have its head still; a whole one of another digest would be a broken agreement.
            bool isSame = known.Identity == verified;
            bool isWhole = Read(verified.Height) is not null;
            Invariant.Holds(isSame || !isWhole);
            if (isWhole)
            {
                return true;
            }
        }

        Append(file, BlockEntryKind.Block, verified, block.Span);
        return true;
    }

    /// <summary>Offers the proof that a block is final. Kept once in so many blocks or so much time.</summary>
    /// <param name="verified">The block.</param>
    /// <param name="timestamp">The block's time in UTC ticks of 100 ns.</param>
    /// <param name="proof">The verified proof; at most 2 MiB.</param>
    /// <returns>Whether it was kept.</returns>
    public bool OfferProof(BlockIdentity verified, long timestamp, ReadOnlySpan<byte> proof)
    {
        RequireUnbroken();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(proof.Length, BlockEntry.PayloadSizeMax);
        bool isDue = _lastKept is not { } last
            || (verified.Height > last.Height
                && (verified.Height.Value - last.Height.Value >= _options.BlocksPerProof
                    || timestamp - last.Timestamp >= _options.TimePerProof.Ticks));
        if (isDue)
        {
            Append(FileFor(verified.Height), BlockEntryKind.Proof, verified, proof);
            _lastKept = (verified.Height, timestamp);
        }

        return isDue;
    }

    /// <summary>Keeps the proof that a block is final, if none of it is kept: where no later one could serve.</summary>
    /// <param name="verified">The block.</param>
    /// <param name="timestamp">The block's time in UTC ticks of 100 ns.</param>
    /// <param name="proof">The verified proof; at most 2 MiB.</param>
    public void KeepProof(BlockIdentity verified, long timestamp, ReadOnlySpan<byte> proof)
    {
        RequireUnbroken();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(proof.Length, BlockEntry.PayloadSizeMax);
        BlockFile file = FileFor(verified.Height);
        if (file.Read(verified.Height.Value, BlockEntryKind.Proof) is null)
        {
            // Not there, or torn: its head alone serves nobody.
            Append(file, BlockEntryKind.Proof, verified, proof);
        }

        _lastKept = (verified.Height, timestamp);
    }

    /// <summary>Reads a block; checked again against the header under which it stands.</summary>
    /// <returns>Null if it is not there or damaged; then it can be put again.</returns>
    public byte[]? Read(Height height)
    {
        if (!_files.TryGetValue(NumberOf(height), out BlockFile? file)
            || !file.TryFind(height.Value, BlockEntryKind.Block, out BlockEntry entry)
            || file.Read(height.Value, BlockEntryKind.Block) is not { } block)
        {
            return null;
        }

        if (_identify(block) == entry.Identity)
        {
            return block;
        }

        file.Forget(height.Value, BlockEntryKind.Block);
        return null;
    }

    /// <summary>Reads a block's header, and no more of it than that.</summary>
    /// <returns>Null if it is not there or damaged.</returns>
    public BlockHeader? ReadHeader(Height height)
    {
        Span<byte> bytes = stackalloc byte[BlockHeader.EncodedSize];
        if (!_files.TryGetValue(NumberOf(height), out BlockFile? file)
            || !file.TryFind(height.Value, BlockEntryKind.Block, out BlockEntry entry)
            || !file.TryReadStart(height.Value, BlockEntryKind.Block, bytes))
        {
            return null;
        }

        var reader = new WireReader(bytes);
        BlockHeader header = BlockHeader.Read(ref reader);
        bool isSame = !reader.Failed && new BlockIdentity(header.Height, header.ComputeDigest()) == entry.Identity;
        return isSame ? header : null;
    }

    /// <summary>Reads blocks in order for a peer.</summary>
    /// <param name="from">The first height.</param>
    /// <param name="countMax">At most so many.</param>
    /// <param name="sizeBytesMax">At most so many bytes, but always the first.</param>
    /// <returns>Without a gap; shorter where one is missing.</returns>
    public IReadOnlyList<byte[]> ReadRange(Height from, int countMax, int sizeBytesMax)
    {
        List<byte[]> blocks = [];
        long total = 0;
        for (Height height = from; blocks.Count < countMax && Read(height) is { } block; height = height.Next)
        {
            total += block.Length;
            if (blocks.Count > 0 && total > sizeBytesMax)
            {
                break;
            }

            blocks.Add(block);
        }

        return blocks;
    }

    /// <summary>Whether a block is there, as far as its head tells.</summary>
    public bool Contains(Height height) =>
        _files.TryGetValue(NumberOf(height), out BlockFile? file)
        && file.TryFind(height.Value, BlockEntryKind.Block, out _);

    /// <summary>Heights in a range of which the block is not there: to be put from the log or from peers.</summary>
    /// <param name="from">The first height.</param>
    /// <param name="to">The last height.</param>
    /// <param name="countMax">At most so many.</param>
    public IReadOnlyList<Height> Missing(Height from, Height to, int countMax)
    {
        List<Height> missing = [];
        for (Height height = from; height <= to && missing.Count < countMax; height = height.Next)
        {
            if (!Contains(height))
            {
                missing.Add(height);
            }
        }

        return missing;
    }

    /// <summary>
    /// The first kept proof of a block at a height or after it: it shows that the block is final too.
    /// </summary>
    /// <returns>Null if none is kept; then the newest one serves, which the replica itself has.</returns>
    public (BlockIdentity Block, byte[] Proof)? FindProof(Height height)
    {
        foreach ((ulong number, BlockFile file) in _files)
        {
            if (number < NumberOf(height))
            {
                continue;
            }

            foreach (ulong at in file.Proofs)
            {
                if (at >= height.Value && file.TryFind(at, BlockEntryKind.Proof, out BlockEntry entry)
                    && file.Read(at, BlockEntryKind.Proof) is { } proof)
                {
                    return (entry.Identity, proof);
                }
            }
        }

        return null;
    }

    /// <summary>Makes all that was put durable; before the write-ahead log deletes segments.</summary>
    public void Sync()
    {
        RequireUnbroken();
        Change(() =>
        {
            foreach (BlockFile file in _files.Values)
            {
                file.Sync();
            }

            SyncNames();
        });
    }

    /// <summary>
    /// Deletes whole files of blocks before a height, and the oldest ones if there are too many bytes.
    /// </summary>
    /// <param name="height">The first block that must stay; those after it stay whatever their size.</param>
    public void DeleteBelow(Height height)
    {
        RequireUnbroken();
        Change(() =>
        {
            while (_files.Count > 0 && _files.Keys.First() < NumberOf(height))
            {
                DeleteFirst();
            }

            _disk.SyncNames();
            _areNamesSynced = true;
        });
    }

    /// <summary>Deletes the oldest files while there are more bytes than the options allow; never the newest.</summary>
    /// <returns>The first height that may still be there.</returns>
    public Height Trim()
    {
        RequireUnbroken();
        Change(() =>
        {
            bool isDeleted = false;
            while (_files.Count > 1 && SizeBytes > _options.SizeBytesMax)
            {
                DeleteFirst();
                isDeleted = true;
            }

            if (isDeleted)
            {
                _disk.SyncNames();
            }
        });
        return new Height(_files.Count == 0 ? 0 : _files.Keys.First() * BlockFile.HeightsPerFile);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (BlockFile file in _files.Values)
        {
            file.Dispose();
        }
    }

    private static ulong NumberOf(Height height) => height.Value / BlockFile.HeightsPerFile;

    private BlockFile FileFor(Height height)
    {
        ulong number = NumberOf(height);
        if (!_files.TryGetValue(number, out BlockFile? file))
        {
            file = BlockFile.Create(_disk, number);
            _files = _files.Add(number, file);
            _areNamesSynced = false;
        }

        return file;
    }

    private void Append(BlockFile file, BlockEntryKind kind, BlockIdentity identity, ReadOnlySpan<byte> payload)
    {
        _isBroken = true;
        file.Append(kind, identity, payload);
        _isBroken = false;
    }

    private void SyncNames()
    {
        if (!_areNamesSynced)
        {
            _disk.SyncNames();
            _areNamesSynced = true;
        }
    }

    private void DeleteFirst()
    {
        (ulong number, BlockFile file) = _files.First();
        _files = _files.Remove(number);
        file.Dispose();
        _disk.Delete(BlockFile.NameOf(number));
    }

    private void Change(Action change)
    {
        _isBroken = true;
        change();
        _isBroken = false;
    }

    private void RequireUnbroken()
    {
        if (_isBroken)
        {
            throw new IOException("The block store stopped after a failure of the disk; it must be opened anew.");
        }
    }
}
