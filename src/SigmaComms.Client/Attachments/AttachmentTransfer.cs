using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Vault;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Client.Attachments;

/// <summary>
/// Moves files to and from the storage nodes as stripes of the vault, in constant memory: a window of stripes is under
/// way, the rest is on the disk.
/// </summary>
/// <param name="openAsync">The storage nodes; asked anew for each transfer.</param>
/// <param name="explain">Why storage nodes fail at the moment, for people.</param>
/// <param name="random">Randomness.</param>
/// <param name="time">The clock.</param>
internal sealed class AttachmentTransfer(
    Func<CancellationToken, Task<StorageNetwork>> openAsync,
    Func<string> explain,
    IRandomSource random,
    TimeProvider time)
{
    /// <summary>Bytes of stripes under way at once: 8 MiB.</summary>
    public const long WindowBytes = 8L << 20;

    private readonly ScatterOptions _options = new() { WindowBytes = WindowBytes };
    private readonly StripeBuffers _buffers = new(keptMaxBytes: 2 * WindowBytes);

    /// <summary>What is lent at the moment, and was at the most.</summary>
    public (long Now, long Max) RentedBytes => (_buffers.Figures.RentedBytes, _buffers.Figures.RentedMaxBytes);

    /// <summary>Seals and stores a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sizeMaxBytes">The most it may have.</param>
    /// <param name="progress">Told after each stripe, in order; null for nobody.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>What the recipient needs.</returns>
    public async Task<AttachmentDescriptor> UploadAsync(
        string path, long sizeMaxBytes, IProgress<AttachmentProgress>? progress, CancellationToken ct)
    {
        await using FileStream file = OpenForReading(path);
        await using AttachmentSource source = new(file);
        if (source.Length > Math.Min(sizeMaxBytes, AttachmentDescriptor.FileMaxBytes))
        {
            throw new ClientException(
                ClientFailure.TooLarge,
                $"The file has {source.Length} bytes; at most {sizeMaxBytes} can be sent. Split it, or raise the "
                + "limit.");
        }

        using var key = new SecretBytes(VaultKey.SizeBytes);
        random.Fill(key.Span);
        int day = AttachmentVault.DayOf(time.GetUtcNow());
        StorageNetwork network = await openAsync(ct);
        VaultShape shape = VaultShape.DefaultFor(network.Placement.Nodes.Count);
        using StripeKeys keys = AttachmentDescriptor.KeysOf(key.Span, day);
        using StripeScatter scatter = new(shape, keys, network, _buffers, random, _options);
        StripeUpload upload = new(scatter, explain, time);

        List<StripeEntry> root = await upload.RunAsync(
            source, done => progress?.Report(new AttachmentProgress(done, source.Length)), ct);
        if (root.Count == 0)
        {
            progress?.Report(default);
        }

        if (root.Count > AttachmentDescriptor.StripesInlineMax)
        {
            root = await WriteListAsync(upload, root, ct);
        }

        string name = AttachmentDescriptor.CleanName(Path.GetFileName(path));
        return new AttachmentDescriptor(key.Span, day, source.Length, source.Hash, name, root);
    }

    /// <summary>Fetches, opens and checks a file. It appears under its path whole, or not at all.</summary>
    /// <param name="descriptor">From the message.</param>
    /// <param name="path">Where to; must not exist.</param>
    /// <param name="progress">Told after each stripe; null for nobody.</param>
    /// <param name="ct">Gives up.</param>
    public async Task DownloadAsync(
        AttachmentDescriptor descriptor, string path, IProgress<AttachmentProgress>? progress, CancellationToken ct)
    {
        string part = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".", descriptor.PartName);
        try
        {
            await using (FileStream file = OpenForWriting(part))
            {
                await using AttachmentSink sink = new(file, descriptor.SizeBytes, progress);
                await FetchAsync(descriptor, sink, ct);
                if (sink.Hash != descriptor.Hash)
                {
                    throw StripeDownload.Damaged("its hash is not the one in the message");
                }

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

    private static async Task<List<StripeEntry>> WriteListAsync(
        StripeUpload upload, List<StripeEntry> stripes, CancellationToken ct)
    {
        var writer = new WireWriter();
        StripeRun.Write(writer, stripes);
        await using MemoryStream list = new(writer.ToArray());
        return await upload.RunAsync(list, static _ => { }, ct);
    }

    private async Task FetchAsync(AttachmentDescriptor descriptor, AttachmentSink sink, CancellationToken ct)
    {
        if (descriptor.SizeBytes == 0)
        {
            return;
        }

        StorageNetwork network = await openAsync(ct);
        using StripeKeys keys = AttachmentDescriptor.KeysOf(descriptor.Key.Span, descriptor.Day);
        StripeDownload download = new(new StripeGather(network, _buffers, _options), keys, explain, time);
        IReadOnlyList<StripeEntry> stripes = descriptor.HasList
            ? await ReadListAsync(download, descriptor, ct)
            : descriptor.Root;
        await download.RunAsync(stripes, sink, ct);
    }

    private static async Task<IReadOnlyList<StripeEntry>> ReadListAsync(
        StripeDownload download, AttachmentDescriptor descriptor, CancellationToken ct)
    {
        using MemoryStream list = new();
        await download.RunAsync(descriptor.Root, list, ct);
        return ReadList(list.ToArray(), descriptor)
            ?? throw StripeDownload.Damaged("the list of its parts is none");
    }

    private static IReadOnlyList<StripeEntry>? ReadList(ReadOnlySpan<byte> bytes, AttachmentDescriptor descriptor)
    {
        var reader = new WireReader(bytes);
        IReadOnlyList<StripeEntry>? stripes = StripeRun.Read(ref reader, descriptor.SizeBytes);
        return reader.AtEnd ? stripes : null;
    }
}
