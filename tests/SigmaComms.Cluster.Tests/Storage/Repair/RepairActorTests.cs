using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Actors;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Attachments;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cluster.Tests.Storage.Collection;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence.Stripes;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Cluster.Tests.Storage.Repair;

/// <summary>When repair, collection and scrub run, on a clock that the test moves.</summary>
public sealed class RepairActorTests : IAsyncDisposable
{
    private static readonly NodeId Self = new(Digest.Sha256([1]));
    private static readonly NodeId Other = new(Digest.Sha256([2]));

    private readonly TestSystem _system = new();
    private readonly PretendedVaultLog _log = new();
    private readonly InMemoryStripeBook _book = new();
    private readonly RepairFigures _figures = new();
    private readonly MemoryShelf _own;
    private readonly MemoryShelf _others;
    private readonly RepairDesk _desk;

    public RepairActorTests()
    {
        _own = new MemoryShelf(_system.Time);
        _others = new MemoryShelf(_system.Time);
        PlacementView view = new(
            Self, 1, new Placement([new StorageNode(Self, "", 100), new StorageNode(Other, "", 100)]),
            new HashSet<NodeId>(), []);
        _desk = new RepairDesk(
            Self,
            _own,
            node => node == Other ? _others : null,
            () => view,
            _log,
            _book,
            new RepairOptions { ScrubInterval = TimeSpan.FromHours(2) },
            _figures, new AttachmentAge(TimeSpan.FromDays(30), _system.Time), new AttachmentRoom(() => long.MaxValue),
            _system.Time, NullLogger.Instance);
    }

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    [Fact]
    public async Task What_is_lost_on_another_node_is_rebuilt_in_the_first_round_and_again_an_hour_later()
    {
        FragmentLabel[] labels = await WriteAsync(number: 1);
        FragmentLabel others = labels.Single(label => _others.Ids.Contains(label.Id));
        await _others.DeleteAsync(others.Id, default);
        Start();

        _system.Advance(TimeSpan.FromSeconds(5));
        bool isBack = _others.Ids.Contains(others.Id);
        await _others.DeleteAsync(others.Id, default);
        _system.Advance(TimeSpan.FromMinutes(50));
        bool isBackEarly = _others.Ids.Contains(others.Id);
        _system.Advance(TimeSpan.FromMinutes(15));

        Assert.True(isBack);
        Assert.False(isBackEarly);
        Assert.Contains(others.Id, _others.Ids);
        Assert.Equal(2, _figures.Rebuilt);
    }

    [Fact]
    public async Task A_fragment_that_is_told_to_be_damaged_is_mended_within_seconds()
    {
        FragmentLabel[] labels = await WriteAsync(number: 1);
        FragmentLabel own = labels.Single(label => _own.Ids.Contains(label.Id));
        Start();
        _system.Advance(TimeSpan.FromSeconds(40));
        _own.Damage(own.Id);
        StoreStatus rotten = await _own.VerifyAsync(own.Id, default);

        _system.System.EventStream.Publish(new FragmentDamaged(own, DamageKind.Content));
        _system.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(StoreStatus.Corrupt, rotten);
        Assert.Equal(StoreStatus.Done, await _own.VerifyAsync(own.Id, default));
    }

    [Fact]
    public async Task What_the_log_drops_goes_soon_and_what_nobody_added_after_a_day()
    {
        FragmentLabel[] dropped = await WriteAsync(number: 1);
        FragmentLabel[] abandoned = await WriteAsync(number: 2, isAdded: false);
        Start();
        _system.Advance(TimeSpan.FromSeconds(40));
        _log.Append([], [dropped[0].Stripe]);
        _log.Show();

        _system.Advance(TimeSpan.FromSeconds(40));
        int afterDrop = dropped.Count(label => _own.Ids.Contains(label.Id));
        int staged = abandoned.Count(label => _own.Ids.Contains(label.Id));
        _system.Advance(TimeSpan.FromHours(24.5));

        Assert.Equal((0, 1), (afterDrop, staged));
        Assert.Empty(_own.Ids);
        Assert.Equal((1, 1), (_figures.Dropped, _figures.Expired));
    }

    [Fact]
    public async Task All_is_scrubbed_when_it_is_time_and_what_is_rotten_is_mended()
    {
        FragmentLabel[] labels = await WriteAsync(number: 1);
        FragmentLabel own = labels.Single(label => _own.Ids.Contains(label.Id));
        Start();
        _system.Advance(TimeSpan.FromMinutes(2));
        long first = _figures.Scrubbed;
        _own.Damage(own.Id);
        _system.Advance(TimeSpan.FromMinutes(100));
        long early = _figures.Scrubbed;
        _system.Advance(TimeSpan.FromMinutes(25));

        Assert.Equal((1, 1), (first, early));
        Assert.Equal(2, _figures.Scrubbed);
        Assert.Equal(StoreStatus.Done, await _own.VerifyAsync(own.Id, default));
    }

    [Fact]
    public async Task A_check_that_is_asked_for_is_made_out_of_turn()
    {
        FragmentLabel[] labels = await WriteAsync(number: 1);
        FragmentLabel others = labels.Single(label => _others.Ids.Contains(label.Id));
        Start();
        _system.Advance(TimeSpan.FromMinutes(2));
        await _others.DeleteAsync(others.Id, default);

        await _desk.ReportAsync(new GetStorageReport(PretendedVaultLog.Vault, StorageCheck.Siblings), default);
        _system.Advance(TimeSpan.FromSeconds(3));

        Assert.Contains(others.Id, _others.Ids);
    }

    private void Start() => _system.ActorOf(
        Props.Create(() => new RepairActor(_desk, _system.Time, NullLogger.Instance)), "repair");

    /// <summary>A stripe of 1+1 with one fragment on each node.</summary>
    private async Task<FragmentLabel[]> WriteAsync(byte number, bool isAdded = true)
    {
        byte[] bytes = new byte[64];
        bytes[0] = number;
        StripeId stripe = new([number, .. new byte[15]]);
        Digest root = FragmentTree.RootOf(bytes);
        FragmentLabel first = new(PretendedVaultLog.Vault, stripe, 1, 0, 64, default, [root, root]);
        FragmentLabel[] labels = [first, first.Of(1)];
        StripeSeats seats = _desk.Current()!.SeatsOf(first);
        foreach (FragmentLabel label in labels)
        {
            MemoryShelf home = seats.Homes[label.Index] == Self ? _own : _others;
            Assert.Equal(StoreStatus.Done, await home.PutAsync(label, bytes, default));
        }

        if (isAdded)
        {
            _log.Append([stripe], []);
            _log.Show();
        }

        return labels;
    }
}
