using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Attachments;
using SigmaComms.Cluster.Storage.Doors;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cluster.Tests.Storage.Collection;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Attachments;

/// <summary>Who may put attachments on a node, and when they go.</summary>
public sealed class AttachmentKeepingTests
{
    // Made by another program from docs/formats/vault-stripe.md.
    private const string Known = "ced1c38d2d1993c4fac1cc38d4c4cd22662724b076c8c8582bbf1c5f00004e20";

    private static readonly byte[] Content = new byte[64];

    [Fact]
    public async Task An_attachment_goes_thirty_days_after_the_end_of_its_day_wherever_a_copy_came_from()
    {
        CollectionHost first = new();
        CollectionHost second = new();
        int day = AttachmentVault.DayOf(first.Time.GetUtcNow());
        FragmentLabel label = CollectionHost.LabelOf(first.NewStripe(), AttachmentVault.Of(day));
        await first.Shelf.PutAsync(label, Content, default);
        await AdvanceAsync(TimeSpan.FromDays(30), first, second);
        StoreStatus moved = await second.Peers.PutAsync(label, Content, default);
        await AdvanceAsync(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1), first, second);
        bool[] before = [Has(first, label), Has(second, label)];

        await AdvanceAsync(TimeSpan.FromSeconds(1), first, second);

        Assert.Equal(StoreStatus.Done, moved);
        Assert.Equal([true, true], before);
        Assert.False(Has(first, label));
        Assert.False(Has(second, label));
    }

    [Fact]
    public async Task No_log_and_no_quorum_is_needed_to_keep_and_to_drop_attachments()
    {
        CollectionHost host = new();
        host.Log.HasQuorum = false;
        int day = AttachmentVault.DayOf(host.Time.GetUtcNow());
        FragmentLabel label = CollectionHost.LabelOf(host.NewStripe(), AttachmentVault.Of(day));
        await host.Shelf.PutAsync(label, Content, default);
        await AdvanceAsync(TimeSpan.FromDays(2), host);
        bool after = Has(host, label);

        await AdvanceAsync(TimeSpan.FromDays(29), host);

        Assert.True(after);
        Assert.False(Has(host, label));
    }

    [Fact]
    public async Task A_sweep_counts_what_attachments_take_and_not_what_vaults_do()
    {
        CollectionHost host = new();
        int day = AttachmentVault.DayOf(host.Time.GetUtcNow());
        await host.PutAsync(host.NewStripe());
        await AdvanceAsync(TimeSpan.Zero, host);
        long before = host.Attachments.Held;
        FragmentLabel label = CollectionHost.LabelOf(host.NewStripe(), AttachmentVault.Of(day));
        await host.Shelf.PutAsync(label, Content, default);

        await AdvanceAsync(TimeSpan.Zero, host);

        Assert.Equal(0, before);
        Assert.Equal(AttachmentRoom.CostOf(label), host.Attachments.Held);
        Assert.Equal(4_096, host.Attachments.Held);
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task A_device_puts_attachments_of_today_by_a_clock_that_may_be_a_day_off(int offset, bool isTaken)
    {
        Bench bench = new();

        Refused? objection = await bench.AskAsync(isNode: false, bench.Today + offset);

        Assert.Equal(isTaken, objection is null);
    }

    [Theory]
    [InlineData(-31, false)]
    [InlineData(-30, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task A_node_puts_attachments_of_every_day_that_is_kept(int offset, bool isTaken)
    {
        Bench bench = new() { Finding = new Refused(RefusalReason.UnknownDevice, "planted") };

        Refused? objection = await bench.AskAsync(isNode: true, bench.Today + offset);

        Assert.Equal(isTaken, objection is null);
    }

    [Fact]
    public async Task A_device_that_the_cluster_does_not_know_puts_nothing_and_takes_no_room()
    {
        Bench bench = new() { Finding = new Refused(RefusalReason.UnknownDevice, "planted") };

        Refused? objection = await bench.AskAsync(isNode: false, bench.Today);

        Assert.Equal(RefusalReason.UnknownDevice, objection?.Reason);
        Assert.Equal(0, bench.Room.Held);
    }

    [Fact]
    public async Task More_than_a_node_may_keep_and_stripes_of_too_many_fragments_are_refused()
    {
        Bench bench = new();

        Refused? wide = await bench.AskAsync(isNode: false, bench.Today, fragments: 33);
        Refused?[] answers = [.. await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => bench.AskAsync(isNode: false, bench.Today)))];

        Assert.Equal(RefusalReason.FragmentRefused, wide?.Reason);
        Assert.Equal([null, null, null, RefusalReason.StorageFull], answers.Select(answer => answer?.Reason));
    }

    [Fact]
    public void Ids_of_days_are_told_from_ids_of_vaults()
    {
        Digest near = new([.. AttachmentVault.Of(3).ToArray()[..27], 0, 0, 0, 0, 3]);

        Assert.Equal(Known, AttachmentVault.Of(20_000).ToString());
        Assert.True(AttachmentVault.TryGetDay(AttachmentVault.Of(int.MaxValue), out int day));
        Assert.Equal(int.MaxValue, day);
        Assert.False(AttachmentVault.TryGetDay(near, out _));
        Assert.False(AttachmentVault.TryGetDay(PretendedVaultLog.Vault, out int none));
        Assert.Equal(0, none);
    }

    private static bool Has(CollectionHost host, FragmentLabel label) => host.Shelf.Ids.Contains(label.Id);

    private static async Task AdvanceAsync(TimeSpan by, params CollectionHost[] hosts)
    {
        foreach (CollectionHost host in hosts)
        {
            host.Time.Advance(by);
            await host.Collector.SweepAsync(default);
        }
    }

    private sealed class Bench
    {
        private readonly VirtualTime _time = new();
        private readonly ByteAccount _account = new(GuestBook.ClientBytesMax, null);

        public AttachmentRoom Room { get; } = new(() => 3 * 4_096);

        public Refused? Finding { get; init; }

        public int Today => AttachmentVault.DayOf(_time.GetUtcNow());

        public async Task<Refused?> AskAsync(bool isNode, int day, int fragments = 4)
        {
            AttachmentRights rights = new(
                new AttachmentAge(TimeSpan.FromDays(30), _time), Room, _ => ValueTask.FromResult(Finding));
            using StorageGuest guest = new(SimCluster.IdentityOf(1).Id, isNode, _account, _account, _time);
            FragmentLabel label = new(
                AttachmentVault.Of(day), new StripeId(new byte[16]), fragments - 1, 0, Content.Length, default,
                [.. Enumerable.Repeat(default(Digest), fragments)]);
            return await rights.ObjectionAsync(guest, label, day);
        }
    }
}
