using SigmaComms.Cryptography;
using SigmaComms.Persistence.Stripes;

namespace SigmaComms.Persistence.Tests.Stripes;

public sealed class StripeBookTests
{
    private static readonly Digest Vault = Digest.Sha256("vault"u8);
    private static readonly Digest Other = Digest.Sha256("other"u8);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_noted_is_found_and_a_stripe_that_was_dropped_stays_so(bool isFile)
    {
        using TemporaryFolder folder = new();
        using IStripeBook book = Open(folder, isFile);

        book.Note(Vault, new VaultFollowing(3, 0), [1, UInt128.MaxValue], [], nowTicks: 10);
        book.Note(Vault, new VaultFollowing(5, 7), [2], [1, 4], nowTicks: 20);
        book.Note(Vault, new VaultFollowing(6, 7), [1], [], nowTicks: 30);

        Assert.Equal(new VaultFollowing(6, 7), book.FindVault(Vault));
        Assert.Equal(default, book.FindVault(Other));
        Assert.Equal(StripeStanding.Dropped, book.FindStripe(Vault, 1));
        Assert.Equal(StripeStanding.Added, book.FindStripe(Vault, 2));
        Assert.Equal(StripeStanding.Added, book.FindStripe(Vault, UInt128.MaxValue));
        Assert.Equal(StripeStanding.Dropped, book.FindStripe(Vault, 4));
        Assert.Equal(StripeStanding.Unknown, book.FindStripe(Vault, 3));
        Assert.Equal(StripeStanding.Unknown, book.FindStripe(Other, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_what_was_dropped_long_ago_is_forgotten(bool isFile)
    {
        using TemporaryFolder folder = new();
        using IStripeBook book = Open(folder, isFile);
        book.Note(Vault, default, [1], [2], nowTicks: 10);
        book.Note(Vault, default, [], [3], nowTicks: 20);

        int forgotten = book.Forget(beforeTicks: 20);

        Assert.Equal(1, forgotten);
        Assert.Equal(StripeStanding.Added, book.FindStripe(Vault, 1));
        Assert.Equal(StripeStanding.Unknown, book.FindStripe(Vault, 2));
        Assert.Equal(StripeStanding.Dropped, book.FindStripe(Vault, 3));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Marks_are_read_as_they_were_written_last(bool isFile)
    {
        using TemporaryFolder folder = new();
        using IStripeBook book = Open(folder, isFile);

        book.WriteMark("scrub", new byte[] { 1 });
        book.WriteMark("scrub", new byte[] { 2, 3 });

        Assert.Equal([2, 3], book.ReadMark("scrub").ToArray());
        Assert.True(book.ReadMark("other").IsEmpty);
    }

    [Fact]
    public void A_book_in_a_file_outlives_its_process_and_a_damaged_one_begins_anew()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "stripes.db");
        using (SqliteStripeBook first = SqliteStripeBook.Open(path))
        {
            first.Note(Vault, new VaultFollowing(9, 1), [5], [6], nowTicks: 10);
            first.Note(Other, new VaultFollowing(2, 0), [6], [], nowTicks: 10);
        }

        using (SqliteStripeBook second = SqliteStripeBook.Open(path))
        {
            Assert.Equal(new VaultFollowing(9, 1), second.FindVault(Vault));
            Assert.Equal(StripeStanding.Added, second.FindStripe(Vault, 5));
            Assert.Equal(StripeStanding.Dropped, second.FindStripe(Vault, 6));
            Assert.Equal(StripeStanding.Added, second.FindStripe(Other, 6));
        }

        File.WriteAllBytes(path, [.. Enumerable.Repeat((byte)0x5a, 8192)]);
        using SqliteStripeBook third = SqliteStripeBook.Open(path);

        Assert.Equal(default, third.FindVault(Vault));
    }

    private static IStripeBook Open(TemporaryFolder folder, bool isFile) => isFile
        ? SqliteStripeBook.Open(Path.Combine(folder.Path, "stripes.db"))
        : new InMemoryStripeBook();
}
