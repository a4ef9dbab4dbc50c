using SigmaComms.Cryptography;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Vault.Tests.Transactions;

/// <summary>docs/formats/vault-log.md; another program made the golden file from that text.</summary>
public sealed class GoldenEntryTests
{
    private static readonly IReadOnlyDictionary<string, byte[]> Golden = GoldenFile.Read("entry.txt");

    private static EntryPlace Place { get; } = new(
        new Digest(Golden["vault"]), new NodeId(new Digest(Golden["writer"])), 7);

    [Fact]
    public void The_golden_entry_is_sealed_byte_for_byte()
    {
        LogPosition seen = new(41, new Digest(Golden["seen"]));
        SealedBatch batch = new(
            EntryKind.Batch, 3, seen, [new StripeId(Golden["added"])], [new StripeId(Golden["dropped"])]);

        byte[] made = batch.Seal(Place, Golden["key"], Golden["salt"], Golden["body"]);

        Assert.Equal(Convert.ToHexString(Golden["entry"]), Convert.ToHexString(made));
        Assert.Equal(made.Length, SealedBatch.SizeOf(1, 1, Golden["body"].Length));
    }

    [Fact]
    public void The_golden_entry_is_opened()
    {
        bool opened = SealedBatch.TryOpen(Golden["entry"], Place, Golden["key"], out byte[]? body);

        Assert.True(opened);
        Assert.Equal(Golden["body"], body);
        Assert.True(SealedBatch.TryRead(Golden["entry"], out SealedBatch? batch));
        Assert.Equal((EntryKind.Batch, 3, 41UL), (batch.Kind, batch.Epoch, batch.Seen.Count));
    }
}
