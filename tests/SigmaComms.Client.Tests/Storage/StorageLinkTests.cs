using SigmaComms.Client.Links;
using SigmaComms.Client.Storage;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Client.Tests.Storage;

/// <summary>Storage nodes on bad days, and those that lie.</summary>
public sealed class StorageLinkTests : IAsyncDisposable
{
    private readonly Clockwork _clock = new();
    private readonly FakeCluster _cluster;
    private readonly MemoryDialer _dialer;
    private readonly NodeConnector _connector;
    private readonly StorageLink _way;
    private readonly LinkFragmentStore _store;

    public StorageLinkTests()
    {
        _cluster = new FakeCluster(11, _clock.Time);
        _dialer = new MemoryDialer(_cluster, new NodeId(Digest.Sha256("device"u8)));
        _connector = new NodeConnector(_dialer, _cluster.Profile(), _clock.Time, new SeededRandom(12));
        _way = new StorageLink(
            NodeId.Of(Node.PublicKey.Span), Node.Endpoint, _connector, _clock.Time, new SeededRandom(13));
        _store = new LinkFragmentStore(_way, _clock.Time);
    }

    private FakeNode Node => _cluster.Nodes[0];

    public async ValueTask DisposeAsync()
    {
        await _way.DisposeAsync();
        _cluster.Operator.Dispose();
    }

    [Fact]
    public async Task A_node_that_never_answers_is_unreachable_after_its_time_and_the_caller_may_give_up_before()
    {
        await _way.OpenAsync(CancellationToken.None);
        using CancellationTokenSource enough = new(TimeSpan.FromSeconds(3), _clock.Time);
        Node.Answers = async message =>
        {
            await (message is GetFragment ? Task.Delay(TimeSpan.FromHours(1), _clock.Time) : Task.CompletedTask);
            return null;
        };
        DateTimeOffset start = _clock.Time.GetUtcNow();

        Task<StoreStatus> patient = _store.GetAsync(default, 0, new byte[64], CancellationToken.None).AsTask();
        Task<StoreStatus> impatient = _store.GetAsync(default, 0, new byte[64], enough.Token).AsTask();
        await _clock.UntilAsync(() => impatient.IsCompleted, "the caller has given up");
        TimeSpan gaveUpAfter = _clock.Time.GetUtcNow() - start;
        StoreStatus status = await _clock.UntilAsync(patient, "the node is given up");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Assert.True(gaveUpAfter >= TimeSpan.FromSeconds(3), $"{gaveUpAfter}");
        Assert.Equal(StoreStatus.Unreachable, status);
    }

    [Fact]
    public async Task Parts_of_another_length_or_kind_are_not_taken_and_do_not_reach_the_destination()
    {
        byte[] destination = new byte[64];
        List<StoreStatus> said = [];
        LinkMessage[] lies =
        [
            new FragmentPart(Filled(63)), new FragmentPart(Filled(65)), new FragmentPart(default), new Done(),
            new Pong(),
        ];
        foreach (LinkMessage lie in lies)
        {
            Node.Answers = message => new(message is GetFragment ? lie : null);
            said.Add(await _store.GetAsync(default, 0, destination, CancellationToken.None));
        }

        Assert.All(said, status => Assert.Equal(StoreStatus.Unreachable, status));
        Assert.Equal(new byte[64], destination);
        Assert.NotEqual("", _way.LastFailure);
    }

    [Fact]
    public async Task A_description_that_is_no_label_or_of_another_fragment_is_not_believed()
    {
        (FragmentLabel label, _) = Fragment(64);
        (FragmentLabel other, _) = Fragment(128);
        List<(StoreStatus, FragmentLabel?)> said = [];
        foreach (byte[] description in (byte[][])[[], [1, 2, 3], Encode(other), [.. Encode(label), 0], Encode(label)])
        {
            Node.Answers = message => new(message is DescribeFragment ? new FragmentDescription(description) : null);
            said.Add(await _store.DescribeAsync(label.Id, CancellationToken.None));
        }

        Assert.All(said.Take(4), told => Assert.Equal((StoreStatus.Unreachable, null), told));
        Assert.Equal((StoreStatus.Done, label), said[4]);
    }

    [Fact]
    public async Task Every_refusal_has_its_status()
    {
        (RefusalReason Reason, StoreStatus Status)[] expected =
        [
            (RefusalReason.NotFound, StoreStatus.NotFound),
            (RefusalReason.FragmentCorrupt, StoreStatus.Corrupt),
            (RefusalReason.StorageFull, StoreStatus.Full),
            (RefusalReason.FragmentRefused, StoreStatus.Refused),
            (RefusalReason.NotAllowed, StoreStatus.Refused),
            (RefusalReason.StorageFailed, StoreStatus.Unreachable),
            (RefusalReason.ShuttingDown, StoreStatus.Unreachable),
            (RefusalReason.Unknown, StoreStatus.Unreachable),
        ];
        foreach ((RefusalReason reason, StoreStatus status) in expected)
        {
            Node.Answers = message => new(message is GetFragment ? new Refused(reason, "because") : null);

            StoreStatus said = await GetAsync();

            Assert.Equal(($"{reason}: because", status), (_way.LastFailure, said));
        }
    }

    [Fact]
    public async Task A_link_that_is_cut_in_the_middle_of_a_fragment_is_opened_again_and_the_fragment_put_anew()
    {
        (FragmentLabel label, byte[] bytes) = Fragment(5 * LinkLimits.FragmentPartBytes);
        MemoryStream kept = new();
        int parts = 0;
        Node.Answers = message =>
        {
            if (message is not PutFragment put)
            {
                return default;
            }

            if (++parts == 3)
            {
                _cluster.CutLinks();
            }

            kept.Position = put.Offset;
            kept.Write(put.Content.Span);
            return new(new Done());
        };

        StoreStatus status = await _store.PutAsync(label, bytes, CancellationToken.None);

        Assert.Equal(StoreStatus.Done, status);
        Assert.Equal(bytes, kept.ToArray());
        Assert.Equal(2, _dialer.Dials);
    }

    [Fact]
    public async Task A_node_that_is_gone_is_unreachable_at_once_until_it_is_worth_a_try_and_then_found_again()
    {
        Node.Answers = message => new(message is GetFragment ? new FragmentPart(Filled(64)) : null);
        StoreStatus before = await GetAsync();
        _cluster.Kill(Node);

        StoreStatus gone = await GetAsync();
        int dials = _dialer.Dials;
        StoreStatus stillGone = await GetAsync();
        int dialsInPause = _dialer.Dials;
        Node.IsDown = false;
        await _clock.PassAsync(StorageLink.PauseMax);
        StoreStatus back = await GetAsync();

        Assert.Equal([StoreStatus.Done, StoreStatus.Unreachable, StoreStatus.Unreachable], [before, gone, stillGone]);
        Assert.Equal(dials, dialsInPause);
        Assert.Equal(StoreStatus.Done, back);
    }

    [Fact]
    public async Task Attempts_to_reach_a_node_that_stays_away_become_rare()
    {
        Node.IsDown = true;
        DateTimeOffset end = _clock.Time.GetUtcNow() + TimeSpan.FromSeconds(20);
        while (_clock.Time.GetUtcNow() < end)
        {
            Assert.Equal(StoreStatus.Unreachable, await GetAsync());
            await _clock.PassAsync(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(_dialer.Dials, 4, 25);
    }

    [Fact]
    public async Task Another_node_at_the_place_of_the_one_that_was_meant_is_not_used()
    {
        StorageLink astray = new(
            NodeId.Of(Node.PublicKey.Span), _cluster.Nodes[1].Endpoint, _connector, _clock.Time, new SeededRandom(14));
        _cluster.Nodes[1].Answers = message => new(message is GetFragment ? new FragmentPart(Filled(64)) : null);

        StoreStatus status = await new LinkFragmentStore(astray, _clock.Time)
            .GetAsync(default, 0, new byte[64], CancellationToken.None);
        await astray.DisposeAsync();

        Assert.Equal(StoreStatus.Unreachable, status);
        Assert.Contains("another node", astray.LastFailure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_node_is_asked_again_after_the_wait_it_names_and_given_up_when_it_stays_busy()
    {
        int asked = 0;
        Node.Answers = message => new(message is GetFragment
            ? ++asked < 3
                ? new Refused(RefusalReason.TooFast, "slower") { RetryAfter = TimeSpan.FromSeconds(2) }
                : new FragmentPart(Filled(64))
            : null);
        await _way.OpenAsync(CancellationToken.None);
        DateTimeOffset start = _clock.Time.GetUtcNow();

        StoreStatus status = await _clock.UntilAsync(GetAsync().AsTask(), "the node has time");
        TimeSpan took = _clock.Time.GetUtcNow() - start;
        asked = int.MinValue;
        StoreStatus never = await _clock.UntilAsync(GetAsync().AsTask(), "the node is given up");

        Assert.Equal([StoreStatus.Done, StoreStatus.Unreachable], [status, never]);
        Assert.True(took >= TimeSpan.FromSeconds(4), $"{took}");
    }

    /// <summary>Time stands still meanwhile: nothing can be too late, however slow the machine is.</summary>
    private ValueTask<StoreStatus> GetAsync() => _store.GetAsync(default, 0, new byte[64], CancellationToken.None);

    private static byte[] Filled(int length)
    {
        byte[] bytes = new byte[length];
        Array.Fill(bytes, (byte)7);
        return bytes;
    }

    private static byte[] Encode(FragmentLabel label)
    {
        WireWriter writer = new();
        label.Write(writer);
        return writer.ToArray();
    }

    private static (FragmentLabel Label, byte[] Bytes) Fragment(int length)
    {
        byte[] bytes = new SeededRandom((ulong)length).Bytes(length);
        Digest id = Digest.Sha256(bytes);
        StripeId stripe = new(id.ToArray().AsSpan(0, 16));
        return (new FragmentLabel(default, stripe, 1, 0, length, id, [FragmentTree.RootOf(bytes)]), bytes);
    }
}
