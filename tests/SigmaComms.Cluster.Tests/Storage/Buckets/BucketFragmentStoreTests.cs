using SigmaComms.Cluster.Storage.Buckets;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Tests.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Buckets;

public sealed class BucketFragmentStoreTests : FragmentStoreConformance, IClassFixture<BucketServer>, IDisposable
{
    private readonly BucketServer _server;
    private readonly BucketFragmentStore _store;

    public BucketFragmentStoreTests(BucketServer server)
    {
        _server = server;
        _server.Reset();
        _store = BucketFixture.Store(server.Options());
    }

    public void Dispose() => _store.Dispose();

    protected override IFragmentStore NewStore() => _store;

    [Theory]
    [InlineData(64, 1)]
    [InlineData(4_096, 6)]
    [InlineData(262_144, 6)]
    [InlineData(1_064_960, 255)]
    [InlineData(8_388_608, 3)]
    public async Task Fragments_of_every_size_come_back_whole_and_in_parts_at_every_place(int length, int siblings)
    {
        (FragmentLabel label, byte[] bytes) = BucketFixture.Fragment(length, siblings);
        StoreStatus put = await _store.PutAsync(label, bytes, CancellationToken.None);
        (int From, int Count)[] parts =
        [
            (0, length), (0, 1), (length - 1, 1), (length, 0), (length / 2, length - (length / 2)),
            (length / 3, length / 3), (Math.Max(0, length - 5_000), Math.Min(length, 5_000)),
        ];

        Assert.Equal(StoreStatus.Done, put);
        foreach ((int from, int count) in parts)
        {
            byte[] room = new byte[count];
            Assert.Equal(StoreStatus.Done, await _store.GetAsync(label.Id, from, room, CancellationToken.None));
            Assert.True(bytes.AsSpan(from, count).SequenceEqual(room), $"{from}, {count}");
        }

        Assert.Equal((StoreStatus.Done, label), await _store.DescribeAsync(label.Id, CancellationToken.None));
    }

    [Fact]
    public async Task A_usual_fragment_takes_one_request_to_read_and_two_to_write()
    {
        (FragmentLabel label, byte[] bytes) = BucketFixture.Fragment(262_144, 6);

        await _store.PutAsync(label, bytes, CancellationToken.None);
        int written = _server.Requests.Count;
        await _store.GetAsync(label.Id, 0, bytes, CancellationToken.None);

        Assert.Equal((2, 3), (written, _server.Requests.Count));
    }

    [Fact]
    public async Task Another_store_of_the_same_node_finds_what_was_put_and_one_of_another_prefix_does_not()
    {
        (FragmentLabel label, byte[] bytes) = BucketFixture.Fragment(128);
        await _store.PutAsync(label, bytes, CancellationToken.None);
        using BucketFragmentStore same = BucketFixture.Store(_server.Options());
        using BucketFragmentStore other = BucketFixture.Store(_server.Options("node-2/"));

        Assert.Equal((StoreStatus.Done, label), await same.DescribeAsync(label.Id, CancellationToken.None));
        Assert.Equal(StoreStatus.NotFound, (await other.DescribeAsync(label.Id, CancellationToken.None)).Status);
    }

    [Fact]
    public async Task A_node_with_another_key_reads_nothing_of_it()
    {
        (FragmentLabel label, byte[] bytes) = BucketFixture.Fragment(128);
        await _store.PutAsync(label, bytes, CancellationToken.None);
        using BucketFragmentStore other = BucketFixture.Store(_server.Options(), storageKey: new byte[32]);

        Assert.Equal((StoreStatus.Corrupt, null), await other.DescribeAsync(label.Id, CancellationToken.None));
        Assert.Equal(StoreStatus.Corrupt, await other.GetAsync(label.Id, 0, bytes, CancellationToken.None));
    }

    [Fact]
    public async Task All_fragments_are_listed_in_order_page_by_page_and_foreign_keys_are_passed_over()
    {
        List<FragmentId> put = [];
        for (int i = 0; i < 7; i++)
        {
            (FragmentLabel label, byte[] bytes) = BucketFixture.Fragment(64);
            await _store.PutAsync(label, bytes, CancellationToken.None);
            put.Add(label.Id);
        }

        string upper = "node-1/" + put[0].ToString().ToUpperInvariant() + "X";
        string[] foreign = ["node-1/", "node-1/!", "node-1/#", "node-1/$", "node-1/zz", "node-11/x", upper];
        Array.ForEach(foreign, key => _server.Objects[key] = [1]);
        List<FragmentId> listed = [];
        BucketPage page;
        do
        {
            FragmentId? after = listed.Count == 0 ? null : listed[^1];
            page = await _store.ListAsync(after, 3, CancellationToken.None);
            Assert.Equal(StoreStatus.Done, page.Status);
            Assert.InRange(page.Ids.Count, 0, 3);
            listed.AddRange(page.Ids);
        }
        while (page.HasMore);

        Assert.Equal(put.Order(), listed);
    }

    [Fact]
    public async Task What_the_buckets_owner_sees_holds_neither_label_nor_vault_nor_a_sibling()
    {
        (FragmentLabel label, byte[] bytes) = BucketFixture.Fragment(8_192, 6);
        await _store.PutAsync(label, bytes, CancellationToken.None);
        (string key, byte[] content) = Assert.Single(_server.Objects);
        byte[] stripe = new byte[StripeId.SizeBytes];
        label.Stripe.CopyTo(stripe);

        Assert.Equal($"node-1/{label.Id}", key);
        Assert.True(content.AsSpan().EndsWith(bytes));
        byte[] head = content[..^bytes.Length];
        Assert.Equal(-1, head.AsSpan().IndexOf(label.Vault.ToArray()));
        Assert.Equal(-1, head.AsSpan().IndexOf(stripe));
        foreach (FragmentName sibling in label.Siblings)
        {
            Assert.Equal(-1, head.AsSpan().IndexOf(sibling.Id.Value.ToArray()));
            Assert.Equal(-1, head.AsSpan().IndexOf(sibling.Root.ToArray()));
        }
    }

    [Fact]
    public async Task A_secret_that_is_another_is_refused_by_the_signature()
    {
        BucketOptions options = _server.Options();
        options.Credentials = new BucketCredentials(BucketServer.KeyId, BucketServer.Secret + "x");
        using BucketFragmentStore store = BucketFixture.Store(options);
        (FragmentLabel label, byte[] bytes) = BucketFixture.Fragment(128);

        Assert.Equal(StoreStatus.Refused, await store.PutAsync(label, bytes, CancellationToken.None));
        Assert.Empty(_server.Objects);
    }

    [Fact]
    public async Task Requests_without_or_with_a_copied_signature_are_refused_by_the_test_server()
    {
        (FragmentLabel label, byte[] bytes) = BucketFixture.Fragment(128);
        await _store.PutAsync(label, bytes, CancellationToken.None);
        using HttpClient plain = new();
        Uri url = new(_server.Url, $"{BucketServer.Bucket}/node-1/{label.Id}");
        using HttpRequestMessage forged = new(HttpMethod.Put, url);
        forged.Content = new ByteArrayContent(bytes);
        forged.Headers.TryAddWithoutValidation("x-amz-date", "20300101T000000Z");
        forged.Headers.TryAddWithoutValidation("x-amz-content-sha256", new string('0', 64));
        forged.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={BucketServer.KeyId}/20300101/{BucketServer.Region}/s3/aws4_request, "
                + $"SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={new string('0', 64)}");

        HttpResponseMessage unsigned = await plain.GetAsync(url);
        HttpResponseMessage copied = await plain.SendAsync(forged);

        Assert.Equal(403, (int)unsigned.StatusCode);
        Assert.Contains("SignatureDoesNotMatch", await copied.Content.ReadAsStringAsync());
    }
}
