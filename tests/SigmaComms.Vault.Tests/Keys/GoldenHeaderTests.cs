using SigmaComms.Cryptography;
using SigmaComms.Vault.Keys;

namespace SigmaComms.Vault.Tests.Keys;

/// <summary>docs/formats/vault-header.md. The golden header stays readable for ever.</summary>
public sealed class GoldenHeaderTests
{
    private static readonly IReadOnlyDictionary<string, byte[]> Golden = GoldenFile.Read("header.txt");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_golden_header_is_read_and_each_slot_gives_its_key(int slot)
    {
        Digest vault = new(Golden["vault"]);
        Assert.Equal(HeaderStatus.Good, VaultHeader.TryDecode(Golden["header"], vault, out VaultHeader? header));
        using SlotSecret secret = slot == 1
            ? SlotSecret.Passphrase("golden passphrase"u8)
            : SlotSecret.Recovery(Golden["recovery"]);

        Assert.Equal(UnlockResult.Opened, header!.TryUnlock(secret, out VaultKeyring? keys));

        Assert.Equal(new VaultShape(4, 2, 1 << 20), header.Shape);
        Assert.Equal((3UL, 2), (header.Generation, header.Epoch));
        using VaultKey first = new(Golden["key-1"]);
        using VaultKey second = new(Golden["key-2"]);
        Assert.True(keys!.Keys[0].IsSame(first));
        Assert.True(keys.Keys[1].IsSame(second));
        using SecretBytes subkey = keys.Derive(2, VaultPurpose.Namespace);
        Assert.Equal(Golden["namespace-2"], subkey.Span.ToArray());
        keys.Dispose();
    }
}
