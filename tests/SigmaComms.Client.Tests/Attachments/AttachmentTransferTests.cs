using SigmaComms.Client.Attachments;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Tests.Attachments;

public sealed class AttachmentTransferTests : IDisposable
{
    private const int Stripe = StripeRun.StripeSizeBytes;
    private readonly Clockwork _clock = new();
    private readonly MemoryStorage _storage;
    private readonly AttachmentTransfer _transfer;
    private readonly string _folder = Directory.CreateTempSubdirectory("sigma-attachment").FullName;

    public AttachmentTransferTests()
    {
        _storage = new MemoryStorage(4, _clock.Time);
        _transfer = new AttachmentTransfer(
            _ => Task.FromResult(_storage.Network), () => "planted", new SeededRandom(1), _clock.Time);
    }

    private string Target => Path.Combine(_folder, "received");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(Stripe, 1)]
    [InlineData((4 * Stripe) + 0, 4)]
    [InlineData((4 * Stripe) + 1, 1)]
    [InlineData((10 * Stripe) + 17, 1)]
    public async Task A_file_of_any_size_arrives_with_its_hash_in_a_bounded_window(int sizeBytes, int rootStripes)
    {
        string path = WriteFile(sizeBytes);
        var progress = new ProgressList();

        AttachmentDescriptor descriptor = await UploadAsync(path, progress: progress);
        await DownloadAsync(descriptor);

        Assert.Equal(await File.ReadAllBytesAsync(path), await File.ReadAllBytesAsync(Target));
        Assert.Equal(Digest.Sha256(await File.ReadAllBytesAsync(path)), descriptor.Hash);
        Assert.Equal(rootStripes, descriptor.Root.Count);
        Assert.Equal(sizeBytes, progress.Seen[^1].DoneBytes);
        Assert.Equal(progress.Seen.OrderBy(step => step.DoneBytes), progress.Seen);
        Assert.Equal([Target], FilesBut(path));
        Assert.InRange(_transfer.RentedBytes.Max, 0, 3 * AttachmentTransfer.WindowBytes);
        Assert.Equal(0, _transfer.RentedBytes.Now);
    }

    [Fact]
    public async Task A_descriptor_of_a_file_with_a_list_survives_its_encoding_and_the_loss_of_m_nodes()
    {
        string path = WriteFile((7 * Stripe) + 3);
        AttachmentDescriptor sent = await UploadAsync(path);
        bool read = AttachmentDescriptor.TryDecode(sent.Encode(), out AttachmentDescriptor? descriptor);
        _storage.Nodes[0].Answer = StoreStatus.Unreachable;
        _storage.Nodes[2].Lose();

        await DownloadAsync(descriptor!);

        Assert.True(read);
        Assert.Equal(await File.ReadAllBytesAsync(path), await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task No_fragment_holds_plain_bytes_or_the_name_and_all_lie_under_the_id_of_the_day()
    {
        string path = Path.Combine(_folder, "marked-name");
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("PLAINTEXT-MARKER ", 400_000)));

        await UploadAsync(path);

        int day = AttachmentVault.DayOf(_clock.Time.GetUtcNow());
        Assert.All(_storage.Nodes.SelectMany(node => node.Taken), taken =>
        {
            Assert.Equal(AttachmentVault.Of(day), taken.Label.Vault);
            Assert.Equal(-1, taken.Bytes.AsSpan().IndexOf("PLAINTEXT-MARKER"u8));
            Assert.Equal(-1, taken.Bytes.AsSpan().IndexOf("marked-name"u8));
        });
        Assert.Equal(4 * (7 + 1), _storage.FragmentCount);
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused_before_anything_is_stored()
    {
        ClientException failure = await FailAsync(_transfer.UploadAsync(WriteFile(1001), 1000, null, default));

        Assert.Equal(ClientFailure.TooLarge, failure.Reason);
        Assert.Equal(0, _storage.FragmentCount);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_clear_error()
    {
        ClientException failure = await FailAsync(UploadAsync(Path.Combine(_folder, "nothing")));

        Assert.Equal(ClientFailure.Disk, failure.Reason);
    }

    [Fact]
    public async Task A_file_that_grows_while_it_is_sent_is_noticed()
    {
        string path = WriteFile(2 * Stripe);
        await using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        await using AttachmentSource source = new(file);
        file.SetLength((2 * Stripe) + 1);

        ClientException failure = await FailAsync(source.CopyToAsync(Stream.Null));

        Assert.Equal(ClientFailure.FileChanged, failure.Reason);
    }

    [Fact]
    public async Task What_is_read_twice_is_hashed_once()
    {
        string path = WriteFile(1000);
        await using FileStream file = File.OpenRead(path);
        await using AttachmentSource source = new(file);
        byte[] room = new byte[700];

        await source.ReadExactlyAsync(room);
        source.Position = 300;
        await source.CopyToAsync(Stream.Null);

        Assert.Equal(Digest.Sha256(await File.ReadAllBytesAsync(path)), source.Hash);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_whose_fragments_are_damaged_on_too_many_nodes_is_a_clear_error_and_leaves_no_file(
        bool isLong)
    {
        string path = WriteFile(isLong ? 6 * Stripe : 3 * Stripe);
        AttachmentDescriptor descriptor = await UploadAsync(path);
        foreach (MemoryStorage.Node node in _storage.Nodes.Take(3))
        {
            node.Lies = true;
        }

        ClientException failure = await FailAsync(DownloadAsync(descriptor));

        Assert.Equal(ClientFailure.AttachmentDamaged, failure.Reason);
        Assert.Empty(FilesBut(path));
    }

    [Fact]
    public async Task A_file_that_lost_more_fragments_than_it_may_is_missing_and_leaves_no_file()
    {
        string path = WriteFile(5 * Stripe);
        AttachmentDescriptor descriptor = await UploadAsync(path);
        _storage.Nodes[0].Lose();
        _storage.Nodes[1].Lose();
        _storage.Nodes[2].Lose();
        DateTimeOffset start = _clock.Time.GetUtcNow();

        ClientException failure = await FailAsync(DownloadAsync(descriptor));

        Assert.Equal(ClientFailure.AttachmentMissing, failure.Reason);
        Assert.InRange(_clock.Time.GetUtcNow() - start, TimeSpan.FromSeconds(1), TimeSpan.MaxValue);
        Assert.Empty(FilesBut(path));
    }

    [Fact]
    public async Task Two_nodes_that_lie_do_no_harm()
    {
        string path = WriteFile(3 * Stripe);
        AttachmentDescriptor descriptor = await UploadAsync(path);
        _storage.Nodes[1].Lies = true;
        _storage.Nodes[3].Lies = true;

        await DownloadAsync(descriptor);

        Assert.Equal(await File.ReadAllBytesAsync(path), await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task A_wrong_hash_in_the_message_is_noticed()
    {
        string path = WriteFile(100);
        AttachmentDescriptor right = await UploadAsync(path);
        AttachmentDescriptor wrong = new(
            right.Key.Span, right.Day, right.SizeBytes, Digest.Sha256("other"u8), right.Name, right.Root);

        ClientException failure = await FailAsync(DownloadAsync(wrong));

        Assert.Equal(ClientFailure.AttachmentDamaged, failure.Reason);
        Assert.Empty(FilesBut(path));
    }

    [Fact]
    public async Task A_list_that_is_none_is_noticed()
    {
        string path = WriteFile(5 * Stripe);
        AttachmentDescriptor right = await UploadAsync(path);
        AttachmentDescriptor longer = new(
            right.Key.Span, right.Day, right.SizeBytes + 1, right.Hash, right.Name, right.Root);

        ClientException failure = await FailAsync(DownloadAsync(longer));

        Assert.Equal(ClientFailure.AttachmentDamaged, failure.Reason);
        Assert.Empty(FilesBut(path));
    }

    [Fact]
    public async Task A_file_that_is_in_the_way_is_not_overwritten()
    {
        string path = WriteFile(100);
        AttachmentDescriptor descriptor = await UploadAsync(path);
        await File.WriteAllTextAsync(Target, "precious");

        ClientException failure = await FailAsync(DownloadAsync(descriptor));

        Assert.Equal(ClientFailure.Disk, failure.Reason);
        Assert.Equal("precious", await File.ReadAllTextAsync(Target));
        Assert.Equal([Target], FilesBut(path));
    }

    [Fact]
    public async Task An_upload_goes_on_behind_the_last_stripe_that_was_taken_when_nodes_are_back()
    {
        string path = WriteFile((9 * Stripe) + 5);
        foreach (MemoryStorage.Node node in _storage.Nodes)
        {
            node.PutsLost = 6;
        }

        AttachmentDescriptor descriptor = await _clock.UntilAsync(
            UploadAsync(path), "uploaded", TimeSpan.FromHours(1));
        await DownloadAsync(descriptor);

        Assert.Equal(await File.ReadAllBytesAsync(path), await File.ReadAllBytesAsync(Target));
        Assert.Equal(Digest.Sha256(await File.ReadAllBytesAsync(path)), descriptor.Hash);
    }

    [Fact]
    public async Task A_download_goes_on_when_nodes_are_back()
    {
        string path = WriteFile(5 * Stripe);
        AttachmentDescriptor descriptor = await UploadAsync(path);
        foreach (MemoryStorage.Node node in _storage.Nodes)
        {
            node.Answer = StoreStatus.Unreachable;
        }

        Task download = _transfer.DownloadAsync(descriptor, Target, null, default);
        await _clock.PassAsync(TimeSpan.FromSeconds(20));
        foreach (MemoryStorage.Node node in _storage.Nodes)
        {
            node.Answer = null;
        }

        await _clock.UntilAsync(download, "downloaded", TimeSpan.FromHours(1));
        Assert.Equal(await File.ReadAllBytesAsync(path), await File.ReadAllBytesAsync(Target));
    }

    [Theory]
    [InlineData(StoreStatus.Unreachable, ClientFailure.Unavailable, 60)]
    [InlineData(StoreStatus.Full, ClientFailure.Unavailable, 60)]
    [InlineData(StoreStatus.Refused, ClientFailure.Refused, 0)]
    public async Task An_upload_that_nodes_do_not_take_ends_in_time_with_the_reason(
        StoreStatus answer, ClientFailure reason, int seconds)
    {
        string path = WriteFile(100);
        foreach (MemoryStorage.Node node in _storage.Nodes)
        {
            node.Answer = answer;
        }

        DateTimeOffset start = _clock.Time.GetUtcNow();
        ClientException failure = await FailAsync(UploadAsync(path));

        Assert.Equal(reason, failure.Reason);
        Assert.Contains("planted", failure.Message, StringComparison.Ordinal);
        Assert.InRange((_clock.Time.GetUtcNow() - start).TotalSeconds, seconds, double.MaxValue);
    }

    // The clock stands still but where a test waits with it: nothing is late.
    private Task<AttachmentDescriptor> UploadAsync(string path, ProgressList? progress = null) =>
        _transfer.UploadAsync(path, long.MaxValue, progress, default);

    private Task DownloadAsync(AttachmentDescriptor descriptor) =>
        _transfer.DownloadAsync(descriptor, Target, null, default);

    private async Task<ClientException> FailAsync(Task work)
    {
        await _clock.UntilAsync(() => work.IsCompleted, "it fails", TimeSpan.FromHours(1));
        return await Assert.ThrowsAsync<ClientException>(() => work);
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
