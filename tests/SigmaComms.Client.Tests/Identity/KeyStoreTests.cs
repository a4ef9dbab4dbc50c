using System.Buffers.Binary;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using SigmaComms.Client.Identity;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence.Tests;
using Xunit.Abstractions;

namespace SigmaComms.Client.Tests.Identity;

public sealed class KeyStoreTests(ITestOutputHelper output) : IDisposable
{
    private static readonly Argon2Cost Cheap = new(1, 1);

    private readonly TemporaryFolder _folder = new();
    private readonly SeededRandom _random = new(1);

    private string File => _folder.File("keys/alpha.sigmakey");

    private static ReadOnlySpan<byte> Passphrase => "correct horse"u8;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_stored_comes_back_with_the_default_cost()
    {
        using AccountSecrets secrets = Generate();
        KeyStore.Create(File, secrets, Passphrase, Argon2Cost.Interactive, _random);

        using AccountSecrets opened = KeyStore.Open(File, Passphrase);

        AssertSame(secrets, opened);
    }

    [Fact]
    public void File_and_folder_are_for_their_owner_only_and_nothing_else_is_left()
    {
        CreateFile();

        Assert.Equal([File], Directory.GetFiles(_folder.File("keys")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(Convert.ToInt32("600", 8), (int)System.IO.File.GetUnixFileMode(File));
            Assert.Equal(Convert.ToInt32("700", 8), (int)System.IO.File.GetUnixFileMode(_folder.File("keys")));
        }
    }

    [Fact]
    public void No_secret_is_in_the_file()
    {
        using AccountSecrets secrets = Generate();
        KeyStore.Create(File, secrets, Passphrase, Cheap, _random);

        byte[] content = System.IO.File.ReadAllBytes(File);

        Assert.All(
            (byte[][])[
                secrets.AccountSeed.Span.ToArray(), secrets.DeviceSeed.Span.ToArray(),
                secrets.IdentityKey.Span.ToArray(), secrets.StorageKey.Span.ToArray(),
                Encoding.ASCII.GetBytes(secrets.AccountName), Passphrase.ToArray(),
            ],
            secret => Assert.Equal(-1, content.AsSpan().IndexOf(secret)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong")]
    [InlineData("correct horse ")]
    [InlineData("Correct horse")]
    public void A_wrong_passphrase_is_told_apart_from_damage(string passphrase)
    {
        CreateFile();

        KeyStoreException e = OpeningFails(passphrase);

        Assert.Equal(KeyStoreFailure.WrongPassphrase, e.Reason);
        Assert.Contains("try again", e.Message);
    }

    [Fact]
    public void A_flipped_bit_in_any_byte_is_damage()
    {
        const ulong seed = 4711;
        output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        CreateFile();
        byte[] whole = System.IO.File.ReadAllBytes(File);

        for (int i = 0; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= (byte)(1 << random.Below(8));
            System.IO.File.WriteAllBytes(File, changed);

            Assert.Equal((i, KeyStoreFailure.Damaged), (i, OpeningFails().Reason));
        }
    }

    [Fact]
    public void Every_shorter_or_longer_file_is_damage()
    {
        CreateFile();
        byte[] whole = System.IO.File.ReadAllBytes(File);

        for (int length = 0; length < whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            Assert.Equal((length, KeyStoreFailure.Damaged), (length, OpeningFails().Reason));
        }

        foreach (int surplus in (int[])[1, 100, 10_000])
        {
            System.IO.File.WriteAllBytes(File, [.. whole, .. new byte[surplus]]);
            Assert.Equal(KeyStoreFailure.Damaged, OpeningFails().Reason);
        }
    }

    [Theory]
    [InlineData(0xFFFF, 1)]
    [InlineData(1_025, 1)]
    [InlineData(1_024, 5)]
    [InlineData(1, 0xFFFF)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void A_hostile_file_cannot_ask_for_much_memory_or_time(int memoryMiB, int passes)
    {
        CreateFile();
        byte[] file = System.IO.File.ReadAllBytes(File);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(10), (ushort)memoryMiB);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(12), (ushort)passes);
        SHA256.HashData(file.AsSpan(0, 62)).AsSpan(0, 8).CopyTo(file.AsSpan(62));
        System.IO.File.WriteAllBytes(File, file);

        Assert.Equal(KeyStoreFailure.Damaged, OpeningFails().Reason);
    }

    [Fact]
    public void A_header_that_was_changed_on_purpose_opens_nothing()
    {
        CreateFile();
        byte[] file = System.IO.File.ReadAllBytes(File);
        file[13] = 2;
        SHA256.HashData(file.AsSpan(0, 62)).AsSpan(0, 8).CopyTo(file.AsSpan(62));
        System.IO.File.WriteAllBytes(File, file);

        Assert.Equal(KeyStoreFailure.WrongPassphrase, OpeningFails().Reason);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherExecute)]
    [UnsupportedOSPlatform("windows")]
    public void A_file_open_to_others_is_refused_with_the_command_that_closes_it(UnixFileMode others)
    {
        CreateFile();
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);

        KeyStoreException e = OpeningFails();

        Assert.Equal(KeyStoreFailure.WorldReadable, e.Reason);
        Assert.Contains($"chmod 600 '{File}'", e.Message);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_folder_that_others_may_write_is_refused_with_the_command_that_closes_it()
    {
        CreateFile();
        System.IO.File.SetUnixFileMode(_folder.File("keys"), (UnixFileMode)Convert.ToInt32("777", 8));

        KeyStoreException e = OpeningFails();

        Assert.Equal(KeyStoreFailure.WorldReadable, e.Reason);
        Assert.Contains($"chmod 700 '{_folder.File("keys")}'", e.Message);
    }

    [Theory]
    [InlineData("none.sigmakey")]
    [InlineData("no/such/folder/none.sigmakey")]
    public void A_missing_file_or_folder_is_not_found_and_says_what_to_do(string name)
    {
        KeyStoreException e = Assert.Throws<KeyStoreException>(
            () => KeyStore.Open(_folder.File(name), Passphrase).Dispose());

        Assert.Equal(KeyStoreFailure.NotFound, e.Reason);
        Assert.Contains("sigma identity new", e.Message);
    }

    [Fact]
    public void An_existing_file_is_never_overwritten()
    {
        Directory.CreateDirectory(_folder.File("keys"));
        System.IO.File.WriteAllText(File, "something else");
        using AccountSecrets secrets = Generate();

        KeyStoreException e = Assert.Throws<KeyStoreException>(
            () => KeyStore.Create(File, secrets, Passphrase, Cheap, _random));

        Assert.Equal(KeyStoreFailure.AlreadyExists, e.Reason);
        Assert.Equal("something else", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public async Task Of_many_that_create_one_file_at_once_exactly_one_wins_and_its_file_is_whole()
    {
        string file = File;
        AccountSecrets[] all = [.. Enumerable.Range(0, 8).Select(i => Generate($"n{i}"))];

        string?[] winners = await Task.WhenAll(all.Select(secrets => Task.Run(() =>
        {
            try
            {
                KeyStore.Create(file, secrets, Passphrase, Cheap, _random);
                return secrets.AccountName;
            }
            catch (KeyStoreException e) when (e.Reason == KeyStoreFailure.AlreadyExists)
            {
                return null;
            }
        })));

        using AccountSecrets opened = KeyStore.Open(file, Passphrase);
        Assert.Equal(opened.AccountName, winners.Single(w => w is not null));
        Assert.Single(Directory.GetFiles(_folder.File("keys")));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_io_failure_that_names_the_file()
    {
        using AccountSecrets secrets = Generate();

        KeyStoreException e = Assert.Throws<KeyStoreException>(
            () => KeyStore.Create("/proc/sigma/alpha", secrets, Passphrase, Cheap, _random));

        Assert.Equal(KeyStoreFailure.Io, e.Reason);
        Assert.Contains("/proc/sigma/alpha", e.Message);
    }

    [Fact]
    public void Changing_the_passphrase_keeps_the_secrets_and_shuts_the_old_one_out()
    {
        CreateFile();
        using AccountSecrets before = KeyStore.Open(File, Passphrase);

        KeyStore.ChangePassphrase(File, Passphrase, "battery staple"u8, Cheap, _random);

        Assert.Equal(KeyStoreFailure.WrongPassphrase, OpeningFails("correct horse").Reason);
        using AccountSecrets after = KeyStore.Open(File, "battery staple"u8);
        AssertSame(before, after);
        Assert.Single(Directory.GetFiles(_folder.File("keys")));
    }

    [Fact]
    public void Changing_with_a_wrong_passphrase_changes_nothing()
    {
        CreateFile();
        byte[] before = System.IO.File.ReadAllBytes(File);

        KeyStoreException e = Assert.Throws<KeyStoreException>(
            () => KeyStore.ChangePassphrase(File, "wrong"u8, "next"u8, Cheap, _random));

        Assert.Equal(KeyStoreFailure.WrongPassphrase, e.Reason);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void Bad_arguments_are_the_callers_bug()
    {
        using AccountSecrets secrets = Generate();

        Assert.Throws<ArgumentException>(() => KeyStore.Create(File, secrets, default, Cheap, _random));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => KeyStore.Create(File, secrets, Passphrase, new Argon2Cost(2_000, 3), _random));
        foreach (string name in (string[])["", "Alpha", "a b", "ä", new string('a', 33), "a/b"])
        {
            Assert.Throws<ArgumentException>(() => Generate(name).Dispose());
        }
    }

    [Fact]
    public void Secrets_are_zeroed_when_disposed_and_never_printed()
    {
        AccountSecrets secrets = Generate();
        byte[] seed = secrets.AccountSeed.Span.ToArray();
        Span<byte> memory = secrets.AccountSeed.Span;

        secrets.Dispose();
        secrets.Dispose();

        Assert.Equal(new byte[32], memory.ToArray());
        Assert.Throws<ObjectDisposedException>(() => secrets.StorageKey.Span.Length);
        Assert.DoesNotContain(Convert.ToHexString(seed), secrets.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("AccountSecrets(alpha)", secrets.ToString());
    }

    [Fact]
    public void An_identity_is_used_by_one_at_a_time()
    {
        KeyStoreLock first = KeyStoreLock.Take(File);

        KeyStoreException e = Assert.Throws<KeyStoreException>(() => KeyStoreLock.Take(File).Dispose());
        first.Dispose();
        first.Dispose();
        using KeyStoreLock second = KeyStoreLock.Take(File);

        Assert.Equal(KeyStoreFailure.InUse, e.Reason);
        Assert.Contains("Another process uses the identity", e.Message);
    }

    [Fact]
    public void A_file_of_version_one_opens_for_ever()
    {
        byte[] golden = System.IO.File.ReadAllBytes(
            Path.Combine(AppContext.BaseDirectory, "Identity", "golden-v1.sigmakey.bin"));
        using (FileStream file = new(_folder.File("golden"), OwnerOnlyFile.Options(FileMode.CreateNew)))
        {
            file.Write(golden);
        }

        using AccountSecrets opened = KeyStore.Open(_folder.File("golden"), "golden passphrase"u8);

        Assert.Equal("golden", opened.AccountName);
        Assert.Equal("000102030405060708090a0b0c0d0e0f", opened.ClusterId.ToString());
        Assert.Equal(Enumerable.Repeat((byte)0xA1, 32), opened.AccountSeed.Span.ToArray());
        Assert.Equal(Enumerable.Repeat((byte)0xA2, 32), opened.DeviceSeed.Span.ToArray());
        Assert.Equal(Enumerable.Repeat((byte)0xA3, 32), opened.IdentityKey.Span.ToArray());
        Assert.Equal(Enumerable.Repeat((byte)0xA4, 32), opened.StorageKey.Span.ToArray());
    }

    private static void AssertSame(AccountSecrets expected, AccountSecrets actual)
    {
        Assert.Equal((expected.AccountName, expected.ClusterId), (actual.AccountName, actual.ClusterId));
        Assert.True(expected.AccountSeed.FixedTimeEquals(actual.AccountSeed.Span));
        Assert.True(expected.DeviceSeed.FixedTimeEquals(actual.DeviceSeed.Span));
        Assert.True(expected.IdentityKey.FixedTimeEquals(actual.IdentityKey.Span));
        Assert.True(expected.StorageKey.FixedTimeEquals(actual.StorageKey.Span));
    }

    private AccountSecrets Generate(string name = "alpha") =>
        AccountSecrets.Generate(name, ClusterId.Create(_random), _random);

    private void CreateFile()
    {
        using AccountSecrets secrets = Generate();
        KeyStore.Create(File, secrets, Passphrase, Cheap, _random);
    }

    private KeyStoreException OpeningFails(string passphrase = "correct horse") =>
        Assert.Throws<KeyStoreException>(() => KeyStore.Open(File, Encoding.UTF8.GetBytes(passphrase)).Dispose());
}
