using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Attachments;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Collection;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cluster.Tests.Storage.Repair;
using SigmaComms.Cryptography;
using SigmaComms.Persistence.Stripes;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Cluster.Tests.Storage.Collection;

/// <summary>A node that collects, with a log and a clock that a test moves.</summary>
internal sealed class CollectionHost
{
    private static readonly byte[] Content = new byte[64];

    private readonly InMemoryStripeBook _book = new();
    private int _stripes;

    public CollectionHost()
    {
        Shelf = new MemoryShelf(Time);
        Peers = new VouchingStore(Shelf, _book, Time);
        Judge = new FragmentJudge(_book, new AttachmentAge(TimeSpan.FromDays(30), Time));
        Restart();
    }

    public VirtualTime Time { get; } = new();

    public PretendedVaultLog Log { get; } = new();

    public MemoryShelf Shelf { get; }

    public VouchingStore Peers { get; }

    public RepairFigures Figures { get; } = new();

    public FragmentJudge Judge { get; }

    public AttachmentRoom Attachments { get; } = new(() => long.MaxValue);

    public StripeFollower Follower { get; private set; } = null!;

    public Collector Collector { get; private set; } = null!;

    /// <summary>Begins anew with what is on the disk.</summary>
    public void Restart()
    {
        Follower = new StripeFollower(Log, _book, Time, NullLogger.Instance);
        Collector = new Collector(
            Shelf, Log, _book, Judge, Follower, TimeSpan.FromHours(24), Figures, Attachments, Time,
            NullLogger.Instance);
    }

    public StripeId NewStripe()
    {
        byte[] id = new byte[StripeId.SizeBytes];
        BitConverter.TryWriteBytes(id, ++_stripes);
        return new StripeId(id);
    }

    public static FragmentLabel LabelOf(StripeId stripe) => LabelOf(stripe, PretendedVaultLog.Vault);

    public static FragmentLabel LabelOf(StripeId stripe, Digest vault)
    {
        byte[] bytes = new byte[StripeId.SizeBytes];
        stripe.CopyTo(bytes);
        return new FragmentLabel(
            vault, stripe, 1, 0, Content.Length, Digest.Sha256(bytes),
            [FragmentTree.RootOf(Content)]);
    }

    public async Task<StoreStatus> PutAsync(StripeId stripe) =>
        await Shelf.PutAsync(LabelOf(stripe), Content, default);

    public async Task<StoreStatus> PutByPeerAsync(StripeId stripe) =>
        await Peers.PutAsync(LabelOf(stripe), Content, default);

    public bool Has(StripeId stripe) => Shelf.Ids.Contains(LabelOf(stripe).Id);

    public void See()
    {
        Log.Show();
        Follower.Follow();
    }
}
