using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Storage.Buckets;
using SigmaComms.Cluster.Tests.Health;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Buckets;

/// <summary>A bucket that fails, lies, hangs, refuses or is full.</summary>
public sealed class BucketFaultTests : IClassFixture<BucketServer>, IDisposable
{
    private readonly BucketServer _server;
    private readonly FieldLog _log = new();
    private readonly VirtualTime _time = new();
    private readonly BucketFragmentStore _store;
    private readonly FragmentLabel _label;
    private readonly byte[] _bytes;

    public BucketFaultTests(BucketServer server)
    {
        _server = server;
        _server.Reset();
        _store = BucketFixture.Store(server.Options(), _time, _log);
        (_label, _bytes) = BucketFixture.Fragment(20_480, 3);
    }

    private string Key => $"node-1/{_label.Id}";

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(nameof(BucketFault.InternalError), StoreStatus.Unreachable)]
    [InlineData(nameof(BucketFault.SlowDown), StoreStatus.Unreachable)]
    [InlineData(nameof(BucketFault.AccessDenied), StoreStatus.Refused)]
    [InlineData(nameof(BucketFault.NoBucket), StoreStatus.Refused)]
    public async Task Every_operation_says_what_a_failing_service_means(string fault, StoreStatus expected)
    {
        await PutAsync();
        _server.Misbehave(Enum.Parse<BucketFault>(fault));
        (FragmentLabel other, byte[] otherBytes) = BucketFixture.Fragment(64);

        StoreStatus[] answers =
        [
            await _store.PutAsync(other, otherBytes, CancellationToken.None),
            await _store.GetAsync(_label.Id, 0, new byte[64], CancellationToken.None),
            (await _store.DescribeAsync(_label.Id, CancellationToken.None)).Status,
            await _store.DeleteAsync(_label.Id, CancellationToken.None),
            (await _store.ListAsync(null, 10, CancellationToken.None)).Status,
        ];

        Assert.All(answers, answer => Assert.Equal(expected, answer));
    }

    [Fact]
    public async Task A_listing_of_others_objects_that_a_service_never_ends_is_given_up()
    {
        await PutAsync();
        _server.Misbehave(BucketFault.EndlessList);

        BucketPage page = await _store.ListAsync(_label.Id, 10, CancellationToken.None);

        Assert.Equal(StoreStatus.Unreachable, page.Status);
        Assert.False(page.HasMore);
    }

    [Theory]
    [InlineData(nameof(BucketFault.Quota))]
    [InlineData(nameof(BucketFault.NoRoom))]
    public async Task A_used_up_quota_is_full_and_reading_goes_on(string fault)
    {
        await PutAsync();
        _server.Misbehave(Enum.Parse<BucketFault>(fault));
        (FragmentLabel other, byte[] otherBytes) = BucketFixture.Fragment(64);

        Assert.Equal(StoreStatus.Full, await _store.PutAsync(other, otherBytes, CancellationToken.None));
        Assert.Equal(StoreStatus.Done, await GetAsync());
        Assert.Single(_log.Of(3203));
    }

    [Fact]
    public async Task A_body_that_is_cut_is_no_answer_and_the_next_trial_is_whole()
    {
        await PutAsync();
        _server.Misbehave(BucketFault.CutBody);
        StoreStatus cut = await GetAsync();
        _server.Misbehave(BucketFault.None);

        Assert.Equal((StoreStatus.Unreachable, StoreStatus.Done), (cut, await GetAsync()));
    }

    [Fact]
    public async Task Wrong_bytes_are_corrupt_and_not_given_out()
    {
        await PutAsync();
        _server.Misbehave(BucketFault.WrongBytes);
        byte[] room = new byte[_bytes.Length];

        StoreStatus status = await _store.GetAsync(_label.Id, 0, room, CancellationToken.None);

        Assert.Equal(StoreStatus.Corrupt, status);
        Assert.All(room, value => Assert.Equal(0, value));
        Assert.Single(_log.Of(3206));
    }

    [Fact]
    public async Task A_changed_bit_anywhere_in_the_object_is_never_given_out()
    {
        await PutAsync();
        byte[] right = _server.Objects[Key];
        int head = right.Length - _bytes.Length;
        int[] places = [0, 1, 4, 5, 40, head - 1, head, head + 4_095, right.Length - 1];
        foreach (int at in places)
        {
            byte[] wrong = [.. right];
            wrong[at] ^= 0x10;
            _server.Objects[Key] = wrong;

            Assert.Equal(StoreStatus.Corrupt, await GetAsync());
        }
    }

    [Fact]
    public async Task A_changed_block_spoils_no_part_beside_it()
    {
        await PutAsync();
        _server.Objects[Key][^1] ^= 1;
        byte[] room = new byte[4_096];

        StoreStatus beside = await _store.GetAsync(_label.Id, 12_288, room, CancellationToken.None);
        StoreStatus over = await _store.GetAsync(_label.Id, 12_289, room, CancellationToken.None);

        Assert.Equal((StoreStatus.Done, StoreStatus.Corrupt), (beside, over));
        Assert.Equal(_bytes.AsSpan(12_288, 4_096).ToArray(), room);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(20_000)]
    public async Task An_object_that_is_shorter_or_longer_is_corrupt_and_is_repaired_by_putting_again(int length)
    {
        await PutAsync();
        byte[] right = _server.Objects[Key];
        _server.Objects[Key] = right[..length];
        StoreStatus cut = await GetAsync();
        StoreStatus again = await PutAsync();
        StoreStatus repaired = await GetAsync();
        _server.Objects[Key] = [.. right, 0];
        StoreStatus longer = await GetAsync();

        Assert.Equal(
            (StoreStatus.Corrupt, StoreStatus.Done, StoreStatus.Done, StoreStatus.Corrupt),
            (cut, again, repaired, longer));
    }

    [Fact]
    public async Task A_rotten_body_under_a_right_head_is_repaired_by_putting_again()
    {
        await PutAsync();
        _server.Objects[Key][^1] ^= 1;

        StoreStatus rotten = await GetAsync();
        StoreStatus put = await PutAsync();

        Assert.Equal(
            (StoreStatus.Corrupt, StoreStatus.Done, StoreStatus.Done), (rotten, put, await GetAsync()));
    }

    [Fact]
    public async Task Another_fragments_object_in_its_place_is_corrupt_and_can_be_deleted()
    {
        await PutAsync();
        (FragmentLabel other, byte[] otherBytes) = BucketFixture.Fragment(20_480, 3);
        await _store.PutAsync(other, otherBytes, CancellationToken.None);
        _server.Objects[Key] = _server.Objects[$"node-1/{other.Id}"];

        Assert.Equal(StoreStatus.Corrupt, await GetAsync());
        Assert.Equal(StoreStatus.Done, await _store.DeleteAsync(_label.Id, CancellationToken.None));
        Assert.Equal(StoreStatus.NotFound, await GetAsync());
    }

    [Fact]
    public async Task A_deleted_object_that_comes_back_stale_is_still_the_right_one()
    {
        await PutAsync();
        byte[] stale = _server.Objects[Key];
        await _store.DeleteAsync(_label.Id, CancellationToken.None);
        _server.Objects[Key] = stale;

        Assert.Equal(StoreStatus.Done, await GetAsync());
        Assert.Equal(StoreStatus.Done, await PutAsync());
    }

    [Fact]
    public async Task A_put_that_another_one_overtakes_finds_out_what_is_there()
    {
        await PutAsync();
        byte[] content = _server.Objects[Key];
        _server.Objects.Clear();
        _server.BeforeWrite = () => _server.Objects[Key] = content;

        StoreStatus status = await _store.PutAsync(_label, _bytes, CancellationToken.None);

        Assert.Equal(StoreStatus.Done, status);
        Assert.Same(content, _server.Objects[Key]);
    }

    [Fact]
    public async Task A_service_without_conditional_writes_is_written_to_without_them()
    {
        _server.Misbehave(BucketFault.NoConditions);

        StoreStatus first = await PutAsync();
        int requests = _server.Requests.Count;
        (FragmentLabel other, byte[] otherBytes) = BucketFixture.Fragment(64);
        StoreStatus second = await _store.PutAsync(other, otherBytes, CancellationToken.None);

        Assert.Equal((StoreStatus.Done, StoreStatus.Done), (first, second));
        Assert.Equal((3, 5), (requests, _server.Requests.Count));
        Assert.DoesNotContain(_log.Events, entry => entry.Id == 3202);
    }

    [Fact]
    public async Task A_service_that_ignores_ranges_is_refused_and_told()
    {
        await PutAsync();
        _server.Misbehave(BucketFault.NoRanges);

        Assert.Equal(StoreStatus.Refused, await GetAsync());
        Assert.Equal("WrongRange", Assert.Single(_log.Of(3202)).Fields["Code"]);
    }

    [Fact]
    public async Task A_listing_that_cannot_be_read_is_no_answer()
    {
        _server.Misbehave(BucketFault.Garbage);

        BucketPage page = await _store.ListAsync(null, 10, CancellationToken.None);

        Assert.Equal(StoreStatus.Unreachable, page.Status);
        Assert.Equal("BadAnswer", Assert.Single(_log.Of(3204)).Fields["Code"]);
    }

    [Fact]
    public async Task A_service_that_hangs_is_given_up_after_its_limit()
    {
        _server.Misbehave(BucketFault.Hang);
        ValueTask<StoreStatus> put = PutAsync();
        await _server.Hung;

        _time.Advance(TimeSpan.FromSeconds(19));
        bool isEarly = put.IsCompleted;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(isEarly);
        Assert.Equal(StoreStatus.Unreachable, await put);
        Assert.Equal("TimedOut", Assert.Single(_log.Of(3204)).Fields["Code"]);
    }

    [Fact]
    public async Task Who_gives_up_waiting_for_a_service_that_hangs_is_let_go()
    {
        using CancellationTokenSource giveUp = new();
        _server.Misbehave(BucketFault.Hang);
        Task<StoreStatus> put = _store.PutAsync(_label, _bytes, giveUp.Token).AsTask();
        await _server.Hung;

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put);
        Assert.DoesNotContain(_log.Events, entry => entry.Id == 3204);
    }

    [Fact]
    public async Task A_server_that_is_away_is_unreachable()
    {
        BucketOptions options = _server.Options();
        options.Endpoint = new Uri("http://127.0.0.1:1");
        using BucketFragmentStore store = BucketFixture.Store(options, _time, _log);

        Assert.Equal(StoreStatus.Unreachable, await store.PutAsync(_label, _bytes, CancellationToken.None));
        Assert.Equal("NoAnswer", Assert.Single(_log.Of(3204)).Fields["Code"]);
    }

    [Fact]
    public async Task A_moments_trouble_is_tried_again_and_no_more_often_than_allowed()
    {
        BucketOptions options = _server.Options();
        options.RetriesMax = 1;
        using BucketFragmentStore store = BucketFixture.Store(options, _time, _log);
        _server.Misbehave(BucketFault.InternalError, 1);
        StoreStatus healed = (await store.DescribeAsync(_label.Id, CancellationToken.None)).Status;
        int healedRequests = _server.Requests.Count;
        _server.Misbehave(BucketFault.SlowDown);

        StoreStatus failed = (await store.DescribeAsync(_label.Id, CancellationToken.None)).Status;

        Assert.Equal((StoreStatus.NotFound, StoreStatus.Unreachable), (healed, failed));
        Assert.Equal((2, 4), (healedRequests, _server.Requests.Count));
    }

    [Fact]
    public async Task Trouble_is_logged_when_it_begins_changes_and_ends()
    {
        _server.Misbehave(BucketFault.InternalError);
        await GetAsync();
        await GetAsync();
        _server.Misbehave(BucketFault.AccessDenied);
        await GetAsync();
        _server.Misbehave(BucketFault.None);
        await GetAsync();
        await GetAsync();

        Assert.Equal("InternalError", Assert.Single(_log.Of(3204)).Fields["Code"]);
        Assert.Equal("AccessDenied", Assert.Single(_log.Of(3202)).Fields["Code"]);
        Assert.Equal(3L, Assert.Single(_log.Of(3205)).Fields["Failures"]);
    }

    [Fact]
    public async Task No_log_holds_the_secret_the_key_or_what_the_service_said()
    {
        await PutAsync();
        foreach (BucketFault fault in Enum.GetValues<BucketFault>().Where(static each => each != BucketFault.Hang))
        {
            _server.Misbehave(fault);
            await PutAsync();
            await GetAsync();
        }

        BucketOptions wrong = _server.Options();
        wrong.Credentials = new BucketCredentials(BucketServer.KeyId, "another" + BucketServer.Secret);
        using BucketFragmentStore refused = BucketFixture.Store(wrong, _time, _log);
        await refused.GetAsync(_label.Id, 0, new byte[64], CancellationToken.None);

        Assert.NotEmpty(_log.Of(3202));
        Assert.Equal("BucketCredentials", wrong.Credentials.ToString());
        Assert.All(_log.Events, entry =>
        {
            string all = entry.Text + entry.Exception + string.Join(' ', entry.Fields.Values);
            Assert.DoesNotContain(BucketServer.Secret, all, StringComparison.Ordinal);
            Assert.DoesNotContain(BucketServer.KeyId, all, StringComparison.Ordinal);
            Assert.DoesNotContain("garbage", all, StringComparison.Ordinal);
            Assert.DoesNotContain("Signature=", all, StringComparison.Ordinal);
        });
    }

    private ValueTask<StoreStatus> PutAsync() => _store.PutAsync(_label, _bytes, CancellationToken.None);

    private ValueTask<StoreStatus> GetAsync() =>
        _store.GetAsync(_label.Id, 0, new byte[_bytes.Length], CancellationToken.None);
}
