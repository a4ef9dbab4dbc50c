using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Messaging.Tests.Sessions;

public sealed class ConversationTests
{
    [Fact]
    public void A_first_message_opens_and_both_sides_become_established()
    {
        (TestParty a, TestParty b) = TestParty.Pair(1);
        Assert.Equal(SessionPhase.None, a.Sessions.Phase);

        byte[] first = a.Seal("hello", b.Device.OneTimeBundle(a.Now));
        Assert.Equal(SessionPhase.InitSent, a.Sessions.Phase);
        b.MustOpen(first, "hello");
        Assert.Equal(SessionPhase.Established, b.Sessions.Phase);
        a.MustOpen(b.Seal("hello back"), "hello back");

        Assert.Equal(SessionPhase.Established, a.Sessions.Phase);
    }

    [Fact]
    public void Messages_before_the_first_reply_all_carry_the_handshake_and_open_in_any_order()
    {
        (TestParty a, TestParty b) = TestParty.Pair(2);
        byte[] first = a.Seal("1", b.Device.OneTimeBundle(a.Now));
        byte[] second = a.Seal("2");
        byte[] third = a.Seal("3");

        b.MustOpen(third, "3");
        b.MustOpen(first, "1");
        b.MustOpen(second, "2");

        Assert.Equal(first.Length, third.Length);
    }

    [Fact]
    public void A_long_ping_pong_opens_and_moves_through_epochs_in_pairs()
    {
        (TestParty a, TestParty b) = TestParty.Established(3);

        for (int i = 0; i < 100; i++)
        {
            b.MustOpen(a.Seal($"ping {i}"), $"ping {i}");
            a.MustOpen(b.Seal($"pong {i}"), $"pong {i}");
        }

        Assert.Equal(a.Sessions.Current!.Epoch, b.Sessions.Current!.Epoch);
        Assert.InRange(a.Sessions.Current.Epoch, 15u, 22u);
    }

    [Fact]
    public void An_empty_message_and_the_largest_one_open_and_one_byte_more_is_too_large()
    {
        (TestParty a, TestParty b) = TestParty.Pair(4);
        byte[] largest = a.Device.Random.Bytes(SessionLimits.PlaintextMaxBytes);

        byte[] empty = a.Seal([], b.Device.OneTimeBundle(a.Now));
        byte[] large = a.Seal(largest);
        EncryptResult tooLarge = a.Sessions.Encrypt(
            new byte[SessionLimits.PlaintextMaxBytes + 1], a.Device.Local, null, a.Now, a.Device.Random);

        Assert.Empty(b.Open(empty).Plaintext!);
        Assert.Equal(largest, b.Open(large).Plaintext);
        Assert.Equal(EncryptStatus.TooLarge, tooLarge.Status);
        Assert.True(large.Length <= SessionLimits.MessageMaxBytes);
    }

    [Fact]
    public void A_first_message_tells_which_account_records_its_sender_worked_from()
    {
        (TestParty a, TestParty b) = TestParty.Pair(6);
        byte[] first = a.Seal("hello", b.Device.OneTimeBundle(a.Now));
        byte[] second = a.Seal("again");

        Assert.Equal(new ListVersions(Sender: 1, Recipient: 1), b.Open(first).ListVersions);
        Assert.Null(b.Open(second).ListVersions);
    }

    [Fact]
    public void A_bundle_without_a_one_time_prekey_serves_too()
    {
        (TestParty a, TestParty b) = TestParty.Pair(5);

        b.MustOpen(a.Seal("hi", b.Device.LastResortBundle(a.Now)), "hi");
        a.MustOpen(b.Seal("hi too"), "hi too");

        Assert.Equal(SessionPhase.Established, a.Sessions.Phase);
    }
}
