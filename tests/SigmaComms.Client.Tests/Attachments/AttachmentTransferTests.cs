using SigmaComms.Client.Attachments;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Cryptography;

namespace SigmaComms.Client.Tests.Attachments;

public sealed class AttachmentTransferTests : IDisposable
{
    private const int Chunk = ChunkCipher.ChunkSizeBytes;
    private readonly MemoryChunkStore _store = new();
    private readonly AttachmentTransfer _transfer;
    private readonly string _folder = Directory.CreateTempSubdirectory("sigma-attachment").FullName;

    public AttachmentTransferTests() => _transfer = new AttachmentTransfer(_store, new SeededRandom(1));

    private string Target => Path.Combine(_folder, "received");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk)]
    [InlineData((40 * Chunk) + 17)]
    public async Task A_file_of_any_size_arrives_with_its_hash_in_a_bounded_window(int sizeBytes)
    {
        string path = WriteFile(sizeBytes);
        var progress = new ProgressList();

        AttachmentDescriptor descriptor = await _transfer.UploadAsync(path, long.MaxValue, progress, default);
        await _transfer.DownloadAsync(descriptor, Target, null, default);

        Assert.Equal(await File.ReadAllBytesAsync(path), await File.ReadAllBytesAsync(Target));
        Assert.Equal(Digest.Sha256(await File.ReadAllBytesAsync(path)), descriptor.Hash);
        Assert.InRange(_store.UnderWayMax, 1, AttachmentTransfer.Window);
        Assert.Equal(sizeBytes, progress.Seen[^1].DoneBytes);
        Assert.Equal(progress.Seen.OrderBy(step => step.DoneBytes), progress.Seen);
        Assert.Equal([Target], FilesBut(path));
    }

    [Fact]
    public async Task The_last_chunk_is_stored_after_all_others()
    {
        await _transfer.UploadAsync(WriteFile(30 * Chunk), long.MaxValue, null, default);

        Assert.Equal(29u, _store.Stored[^1]);
        Assert.Equal(30, _store.Stored.Count);
    }

    [Fact]
    public async Task No_chunk_on_the_cluster_holds_plain_bytes()
    {
        string path = Path.Combine(_folder, "marked");
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("PLAINTEXT-MARKER ", 10_000)));

        await _transfer.UploadAsync(path, long.MaxValue, null, default);

        Assert.All(_store.Chunks.Values, chunk => Assert.Equal(-1, chunk.AsSpan().IndexOf("PLAINTEXT-MARKER"u8)));
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused_before_anything_is_stored()
    {
        ClientException failure = await Assert.ThrowsAsync<ClientException>(
            () => _transfer.UploadAsync(WriteFile(1001), 1000, null, default));

        Assert.Equal(ClientFailure.TooLarge, failure.Reason);
        Assert.Empty(_store.Chunks);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_clear_error()
    {
        ClientException failure = await Assert.ThrowsAsync<ClientException>(
            () => _transfer.UploadAsync(Path.Combine(_folder, "nothing"), 1000, null, default));

        Assert.Equal(ClientFailure.Disk, failure.Reason);
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("swap")]
    [InlineData("truncate")]
    [InlineData("cut")]
    public async Task A_damaged_attachment_is_a_clear_error_and_leaves_no_file(string damage)
    {
        string path = WriteFile(20 * Chunk);
        AttachmentDescriptor descriptor = await _transfer.UploadAsync(path, long.MaxValue, null, default);
        switch (damage)
        {
            case "flip":
                _store.Chunks[7][100] ^= 1;
                break;
            case "swap":
                (_store.Chunks[3], _store.Chunks[4]) = (_store.Chunks[4], _store.Chunks[3]);
                break;
            case "truncate":
                _store.Chunks[5] = _store.Chunks[5][..^1];
                break;
            default:
                _store.Chunks[19] = _store.Chunks[18];
                break;
        }

        ClientException failure = await Assert.ThrowsAsync<ClientException>(
            () => _transfer.DownloadAsync(descriptor, Target, null, default));

        Assert.Equal(ClientFailure.AttachmentDamaged, failure.Reason);
        Assert.Empty(FilesBut(path));
    }

    [Fact]
    public async Task A_missing_chunk_is_a_clear_error_and_leaves_no_file()
    {
        string path = WriteFile(20 * Chunk);
        AttachmentDescriptor descriptor = await _transfer.UploadAsync(path, long.MaxValue, null, default);
        _store.Chunks.Remove(11);

        ClientException failure = await Assert.ThrowsAsync<ClientException>(
            () => _transfer.DownloadAsync(descriptor, Target, null, default));

        Assert.Equal(ClientFailure.AttachmentMissing, failure.Reason);
        Assert.Empty(FilesBut(path));
    }

    [Fact]
    public async Task A_wrong_hash_in_the_message_is_noticed()
    {
        string path = WriteFile(100);
        AttachmentDescriptor right = await _transfer.UploadAsync(path, long.MaxValue, null, default);
        var wrong = new AttachmentDescriptor(
            right.Id, right.Key.Span, right.SizeBytes, Digest.Sha256("other"u8), right.Name);

        ClientException failure = await Assert.ThrowsAsync<ClientException>(
            () => _transfer.DownloadAsync(wrong, Target, null, default));

        Assert.Equal(ClientFailure.AttachmentDamaged, failure.Reason);
        Assert.Empty(FilesBut(path));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(AttachmentTransfer.TriesPerChunk - 1)]
    public async Task A_damaged_chunk_is_fetched_by_another_way(int damagedWays)
    {
        string path = WriteFile(3 * Chunk);
        AttachmentDescriptor descriptor = await _transfer.UploadAsync(path, long.MaxValue, null, default);
        _store.DamagedWays = damagedWays;

        await _transfer.DownloadAsync(descriptor, Target, null, default);

        Assert.Equal(await File.ReadAllBytesAsync(path), await File.ReadAllBytesAsync(Target));
        Assert.True(_store.Moves >= damagedWays);
    }

    [Fact]
    public async Task A_chunk_that_is_damaged_every_way_is_given_up_soon()
    {
        string path = WriteFile(3 * Chunk);
        AttachmentDescriptor descriptor = await _transfer.UploadAsync(path, long.MaxValue, null, default);
        _store.DamagedWays = int.MaxValue;

        ClientException failure = await Assert.ThrowsAsync<ClientException>(
            () => _transfer.DownloadAsync(descriptor, Target, null, default));

        Assert.Equal(ClientFailure.AttachmentDamaged, failure.Reason);
        Assert.Equal(AttachmentTransfer.TriesPerChunk - 1, _store.Moves);
        Assert.Empty(FilesBut(path));
    }

    [Fact]
    public async Task A_file_that_is_in_the_way_is_not_overwritten()
    {
        string path = WriteFile(100);
        AttachmentDescriptor descriptor = await _transfer.UploadAsync(path, long.MaxValue, null, default);
        await File.WriteAllTextAsync(Target, "precious");

        ClientException failure = await Assert.ThrowsAsync<ClientException>(
            () => _transfer.DownloadAsync(descriptor, Target, null, default));

        Assert.Equal(ClientFailure.Disk, failure.Reason);
        Assert.Equal("precious", await File.ReadAllTextAsync(Target));
        Assert.Equal([Target], FilesBut(path));
    }

    [Fact]
    public async Task A_failure_in_the_middle_of_an_upload_ends_it()
    {
        _store.FailsAt = 9;

        ClientException failure = await Assert.ThrowsAsync<ClientException>(
            () => _transfer.UploadAsync(WriteFile(40 * Chunk), long.MaxValue, null, default));

        Assert.Equal(ClientFailure.Unavailable, failure.Reason);
        Assert.DoesNotContain(39u, _store.Stored);
    }

    private string WriteFile(int sizeBytes)
    {
        string path = Path.Combine(_folder, "original");
        File.WriteAllBytes(path, new SeededRandom(2).Bytes(sizeBytes));
        return path;
    }

    private string[] FilesBut(string path) => [.. Directory.GetFiles(_folder).Where(file => file != path)];

    private sealed class ProgressList : IProgress<AttachmentProgress>
    {
        public List<AttachmentProgress> Seen { get; } = [];

        public void Report(AttachmentProgress value) => Seen.Add(value);
    }
}
