using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Attachments;

/// <summary>
/// Moves files to and from the cluster in sealed chunks, in constant memory: a window of chunks is under way, the rest
/// is on the disk.
/// </summary>
internal sealed class AttachmentTransfer(IChunkStore store, IRandomSource random)
{
    /// <summary>Chunks under way at once: 16, so 1 MiB.</summary>
    public const int Window = 16;

    /// <summary>How often a chunk is fetched, each time by another way, before it counts as damaged: 4.</summary>
    public const int TriesPerChunk = 4;

    /// <summary>Seals and stores a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sizeMaxBytes">The most it may have.</param>
    /// <param name="progress">Told after each chunk, in order; null for nobody.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>What the recipient needs.</returns>
    public async Task<AttachmentDescriptor> UploadAsync(
        string path, long sizeMaxBytes, IProgress<AttachmentProgress>? progress, CancellationToken ct)
    {
        await using FileStream file = OpenForReading(path);
        long sizeBytes = file.Length;
        if (sizeBytes > Math.Min(sizeMaxBytes, ChunkCipher.FileMaxBytes))
        {
            throw new ClientException(
                ClientFailure.TooLarge,
                $"The file has {sizeBytes} bytes; at most {sizeMaxBytes} can be sent. Split it, or raise the limit.");
        }

        using var key = new SecretBytes(ChunkCipher.KeySizeBytes);
        random.Fill(key.Span);
        Digest16 id = Digest16.Random(random);
        using var cipher = new ChunkCipher(key.Span, id, sizeBytes);
        Digest hash = await StoreAllAsync(file, cipher, id, progress, ct);
        string name = AttachmentDescriptor.CleanName(Path.GetFileName(path));
        return new AttachmentDescriptor(id, key.Span, sizeBytes, hash, name);
    }

    /// <summary>Fetches, opens and checks a file. It appears under its path whole, or not at all.</summary>
    /// <param name="descriptor">From the message.</param>
    /// <param name="path">Where to; must not exist.</param>
    /// <param name="progress">Told after each chunk; null for nobody.</param>
    /// <param name="ct">Gives up.</param>
    public async Task DownloadAsync(
        AttachmentDescriptor descriptor, string path, IProgress<AttachmentProgress>? progress, CancellationToken ct)
    {
        string part = Path.Combine(
            Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".", $".sigma-{descriptor.Id}.part");
        try
        {
            await using (FileStream file = OpenForWriting(part))
            {
                await FetchAllAsync(descriptor, file, progress, ct);
                file.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite: false);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ClientException(
                ClientFailure.Disk, $"The attachment could not be written to {path}: {failed.Message}", failed);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static FileStream OpenForReading(string path)
    {
        try
        {
            return new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                1,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ClientException(
                ClientFailure.Disk, $"The file {path} cannot be read: {failed.Message}", failed);
        }
    }

    private static FileStream OpenForWriting(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private async Task<Digest> StoreAllAsync(
        FileStream file,
        ChunkCipher cipher,
        Digest16 id,
        IProgress<AttachmentProgress>? progress,
        CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var underWay = new Queue<Task>();
        byte[] plain = new byte[ChunkCipher.ChunkSizeBytes];
        uint last = cipher.ChunkCount - 1;
        uint done = 0;
        try
        {
            for (uint index = 0; index <= last; index++)
            {
                Memory<byte> room = plain.AsMemory(0, cipher.PlainSizeBytes(index));
                int read = await file.ReadAtLeastAsync(room, room.Length, throwOnEndOfStream: false, ct);
                bool changed = read < room.Length || (index == last && file.Length != cipher.SizeBytes);
                if (changed)
                {
                    throw new ClientException(
                        ClientFailure.FileChanged,
                        "The file changed while it was sent. Send it again when it is complete.");
                }

                hash.AppendData(room.Span);
                byte[] chunk = cipher.Seal(index, room.Span);

                // The last chunk is confirmed only when all are durable, so it goes when the others are through.
                while (underWay.Count >= Window || (index == last && underWay.Count > 0))
                {
                    await underWay.Dequeue();
                    Report(progress, cipher, ++done);
                }

                underWay.Enqueue(store.PutAsync(id, index, cipher.ChunkCount, chunk, stop.Token));
            }

            await underWay.Dequeue();
            Report(progress, cipher, ++done);
            return new Digest(hash.GetHashAndReset());
        }
        finally
        {
            await AbandonAsync(underWay, stop);
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private async Task FetchAllAsync(
        AttachmentDescriptor descriptor, FileStream file, IProgress<AttachmentProgress>? progress, CancellationToken ct)
    {
        using var cipher = new ChunkCipher(descriptor.Key.Span, descriptor.Id, descriptor.SizeBytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var underWay = new Queue<Task<ReadOnlyMemory<byte>>>();
        byte[] plain = new byte[ChunkCipher.ChunkSizeBytes];
        uint asked = 0;
        try
        {
            for (uint index = 0; index < cipher.ChunkCount; index++)
            {
                while (asked < cipher.ChunkCount && underWay.Count < Window)
                {
                    underWay.Enqueue(store.GetAsync(descriptor.Id, asked++, stop.Token));
                }

                ReadOnlyMemory<byte> chunk = await underWay.Dequeue();
                Memory<byte> opened = plain.AsMemory(0, cipher.PlainSizeBytes(index));
                for (int tries = 1; !cipher.TryOpen(index, chunk.Span, opened.Span); tries++)
                {
                    if (tries == TriesPerChunk)
                    {
                        throw Damaged($"chunk {index} is not the one that was sent");
                    }

                    // One node's word is not enough to give a file up.
                    await store.MoveAsync(ct);
                    chunk = await store.GetAsync(descriptor.Id, index, stop.Token);
                }

                hash.AppendData(opened.Span);
                await file.WriteAsync(opened, ct);
                Report(progress, cipher, index + 1);
            }

            if (new Digest(hash.GetHashAndReset()) != descriptor.Hash)
            {
                throw Damaged("its hash is not the one in the message");
            }
        }
        finally
        {
            await AbandonAsync(underWay, stop);
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static ClientException Damaged(string why) => new(
        ClientFailure.AttachmentDamaged, $"The attachment is damaged: {why}. Ask the sender to send it again.");

    private static void Report(IProgress<AttachmentProgress>? progress, ChunkCipher cipher, uint chunks) =>
        progress?.Report(new AttachmentProgress(
            Math.Min((long)chunks * ChunkCipher.ChunkSizeBytes, cipher.SizeBytes), cipher.SizeBytes));

    private static async Task AbandonAsync(IEnumerable<Task> underWay, CancellationTokenSource stop)
    {
        // After a failure nobody needs the rest; what they fail with is the same failure, or the cancellation.
        await stop.CancelAsync();
        foreach (Task task in underWay)
        {
            await task.ContinueWith(
                static done => _ = done.Exception,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }
}
