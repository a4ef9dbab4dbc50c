using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Keys;

namespace SigmaComms.Vault.Tests.Keys;

public sealed class VaultKeyTests
{
    [Theory]
    [InlineData(VaultPurpose.Content, "content")]
    [InlineData(VaultPurpose.Placement, "placement")]
    [InlineData(VaultPurpose.Namespace, "namespace")]
    [InlineData(VaultPurpose.Snapshot, "snapshot")]
    [InlineData(VaultPurpose.Audit, "audit")]
    [InlineData(VaultPurpose.Header, "header")]
    public void A_subkey_is_HKDF_SHA_512_of_the_key_with_the_vault_as_salt_and_the_purpose_as_info(
        VaultPurpose purpose, string name)
    {
        using VaultKey key = new(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
        byte[] salt = [.. Enumerable.Repeat((byte)7, 32)];
        byte[] expected = new byte[32];
        System.Security.Cryptography.HKDF.DeriveKey(
            System.Security.Cryptography.HashAlgorithmName.SHA512,
            Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(),
            expected,
            salt,
            System.Text.Encoding.ASCII.GetBytes("sigma vault 1 " + name));

        using SecretBytes subkey = key.Derive(new Digest(salt), purpose);

        Assert.Equal(expected, subkey.Span.ToArray());
    }

    [Fact]
    public void Every_purpose_and_every_vault_has_another_key()
    {
        SeededRandom random = new(1);
        using VaultKey key = VaultKey.Generate(random);
        Digest[] vaults = [new Digest(random.Bytes(32)), new Digest(random.Bytes(32))];

        string[] subkeys =
        [
            .. from vault in vaults
               from purpose in Enum.GetValues<VaultPurpose>()
               select Convert.ToHexString(Derive(key, vault, purpose)),
        ];

        Assert.Equal(subkeys.Length, subkeys.Distinct().Count());
    }

    [Fact]
    public void A_disposed_key_is_zeroed_and_refuses_to_work()
    {
        VaultKey key = VaultKey.Generate(new SeededRandom(2));

        key.Dispose();
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Derive(default, VaultPurpose.Content));
        Assert.Equal("VaultKey", key.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Only_32_bytes_make_a_key(int size) =>
        Assert.Throws<ArgumentException>(() => new VaultKey(new byte[size]));

    private static byte[] Derive(VaultKey key, Digest vault, VaultPurpose purpose)
    {
        using SecretBytes subkey = key.Derive(vault, purpose);
        return subkey.Span.ToArray();
    }
}
