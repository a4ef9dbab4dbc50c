using SigmaComms.Client.Contacts;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Client.Tests.Contacts;

public sealed class ContactBookTests
{
    private readonly TestAccount _beta = new("beta", 1);
    private readonly TestAccount _other = new("beta", 2);
    private readonly ContactBook _book = new();

    [Fact]
    public void The_first_key_is_trusted_and_another_one_waits_for_the_user()
    {
        Assert.Equal(ContactVerdict.Learned, _book.Observe(_beta.Record, false).Verdict);
        Assert.Equal(ContactVerdict.IdentityChanged, _book.Observe(_other.Record, false).Verdict);

        Contact contact = _book.Find("beta")!;
        Assert.Equal(IdentityChange.Account, contact.Change);
        Assert.Equal(_beta.Record.AccountId, contact.Trusted.AccountId);
        Assert.Same(contact, _book.FindByChanged(_other.Record.AccountId));
    }

    [Fact]
    public void A_claim_that_the_directory_does_not_repeat_is_over()
    {
        _book.Observe(_beta.Record, false);
        _book.Observe(_other.Record, false);

        (ContactVerdict verdict, byte[]? commit) = _book.Observe(_beta.Record, false);

        Assert.Equal(ContactVerdict.Same, verdict);
        Assert.NotNull(commit);
        Assert.Null(_book.Find("beta")!.Changed);
    }

    [Fact]
    public void Only_exactly_what_was_shown_is_accepted()
    {
        var third = new TestAccount("beta", 3);
        _book.Observe(_beta.Record, false);
        _book.Observe(_other.Record, false);
        PeerIdentity shown = Shown(_other.Record);
        _book.Observe(third.Record, false);

        byte[]? swapped = _book.Accept(shown);
        byte[]? right = _book.Accept(Shown(third.Record));

        Assert.Null(swapped);
        Assert.NotNull(right);
        Assert.Equal(third.Record.AccountId, _book.Find("beta")!.Trusted.AccountId);
    }

    [Fact]
    public void A_rejected_account_is_ignored_from_then_on_also_after_a_restart()
    {
        _book.Observe(_beta.Record, false);
        _book.Observe(_other.Record, false);

        byte[]? commit = _book.Reject(Shown(_other.Record));
        var reopened = new ContactBook();
        reopened.Recover(_book.EncodeWhole());

        Assert.NotNull(commit);
        Assert.Equal(ContactVerdict.Rejected, _book.Observe(_other.Record, false).Verdict);
        Assert.Equal(ContactVerdict.Rejected, reopened.Observe(_other.Record, false).Verdict);
        Assert.Equal(IdentityChange.None, reopened.Find("beta")!.Change);
    }

    [Fact]
    public void Other_keys_for_a_known_device_wait_for_the_user_though_the_account_key_is_the_same()
    {
        AccountRecord renewed = _beta.Renewed(2, 77).Record;
        _book.Observe(_beta.Record, false);

        ContactVerdict verdict = _book.Observe(renewed, false).Verdict;
        IdentityChange before = _book.Find("beta")!.Change;
        byte[]? rejected = _book.Reject(Shown(renewed));
        byte[]? accepted = _book.Accept(Shown(renewed));

        Assert.Equal(ContactVerdict.DeviceChanged, verdict);
        Assert.Equal(IdentityChange.Device, before);
        Assert.Null(rejected);
        Assert.NotNull(accepted);
        Assert.Equal(2u, _book.Find("beta")!.Trusted.Version);
    }

    [Fact]
    public void A_stranger_becomes_a_contact_when_the_user_names_it_and_that_survives()
    {
        _book.Observe(_beta.Record, isStranger: true);

        byte[]? commit = _book.Name("beta");
        var reopened = new ContactBook();
        reopened.Recover(_book.EncodeWhole());

        Assert.NotNull(commit);
        Assert.Null(_book.Name("beta"));
        Assert.False(reopened.Find("beta")!.IsStranger);
    }

    private static PeerIdentity Shown(AccountRecord record) => new(
        record.Name, record.AccountId, "", IdentityChange.Account, Digest.Sha256(record.Encoded.Span));
}
