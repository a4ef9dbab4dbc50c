using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Messaging.Tests.Sessions;

/// <summary>
/// What a thief can read who copies the whole state of alpha at some moment and then only listens. In the tests of
/// the post-quantum side the thief is also told every X25519 private key that alpha makes later.
/// </summary>
public sealed class HealingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_one_round_trip_a_stolen_state_opens_nothing_more(int turnsBefore)
    {
        (TestParty a, TestParty b) = EstablishedAfter(401, turnsBefore);
        TestParty thief = a.Copy();

        byte[] toB = a.Seal("from alpha");
        b.MustOpen(toB, "from alpha");
        byte[] toA = b.Seal("from beta");
        a.MustOpen(toA, "from beta");

        Assert.NotEqual(DecryptStatus.Ok, thief.Open(toA).Status);
        b.MustOpen(a.Seal("still"), "still");
        Assert.NotEqual(DecryptStatus.Ok, thief.Open(b.Seal("healed")).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Even_a_thief_who_breaks_X25519_opens_nothing_one_round_trip_after_a_step_is_due(bool alphaIsToStep)
    {
        (TestParty a, TestParty b) = TestParty.Established(402);
        if (alphaIsToStep)
        {
            b.Sessions.RequestStep();
            b.MustOpen(a.Seal("turn"), "turn");
            a.MustOpen(b.Seal("step"), "step");
        }

        a.Now += SessionLimits.EpochAge;
        b.Now += SessionLimits.EpochAge;
        var thief = new QuantumThief(a);

        RoundTrip(a, b, thief);
        bool readsDuringTheRoundTrip = thief.Opens(b.Seal("one"));
        a.MustOpen(b.Seal("two"), "two");
        RoundTrip(a, b, thief);

        Assert.Equal(!alphaIsToStep, readsDuringTheRoundTrip);
        Assert.False(thief.Opens(b.Seal("healed")));
    }

    [Fact]
    public void Without_a_step_the_same_thief_reads_on_so_it_is_the_step_that_heals()
    {
        (TestParty a, TestParty b) = TestParty.Established(403);
        var thief = new QuantumThief(a);

        for (int i = 0; i < 4; i++)
        {
            RoundTrip(a, b, thief);
            byte[] message = b.Seal("read by the thief");
            Assert.True(thief.Opens(message));
            a.MustOpen(message, "read by the thief");
        }

        Assert.Equal(0u, a.Sessions.Current!.Epoch);
    }

    [Fact]
    public void A_state_stolen_after_a_message_was_opened_does_not_open_it_again()
    {
        (TestParty a, TestParty b) = TestParty.Established(404);
        byte[][] messages = [.. Enumerable.Range(0, 5).Select(i => a.Seal($"{i}"))];
        b.MustOpen(messages[3], "3");
        b.MustOpen(messages[1], "1");

        TestParty thief = b.Copy();

        Assert.Equal(DecryptStatus.Duplicate, thief.Open(messages[3]).Status);
        Assert.Equal(DecryptStatus.Duplicate, thief.Open(messages[1]).Status);
        Assert.Equal(DecryptStatus.Ok, thief.Open(messages[0]).Status);
    }

    [Fact]
    public void A_state_stolen_after_a_message_was_sent_does_not_open_it()
    {
        (TestParty a, _) = TestParty.Established(405);
        byte[] message = a.Seal("secret");

        Assert.NotEqual(DecryptStatus.Ok, a.Copy().Open(message).Status);
    }

    private static (TestParty A, TestParty B) EstablishedAfter(ulong seed, int turns)
    {
        (TestParty a, TestParty b) = TestParty.Established(seed);
        for (int i = 0; i < turns; i++)
        {
            b.MustOpen(a.Seal("turn"), "turn");
            a.MustOpen(b.Seal("turn"), "turn");
        }

        return (a, b);
    }

    private static void RoundTrip(TestParty a, TestParty b, QuantumThief thief)
    {
        b.MustOpen(thief.SealAsVictim("there"), "there");
        byte[] back = b.Seal("and back");
        thief.Opens(back);
        a.MustOpen(back, "and back");
    }

    /// <summary>Has alpha's state of one moment, and learns every X25519 key that alpha makes from then on.</summary>
    private sealed class QuantumThief(TestParty victim)
    {
        private readonly TestParty _copy = victim.Copy();
        private readonly SeededRandom _ownRandom = new(0xBAD);

        /// <summary>Alpha seals a message; the thief's copy makes the same move with the same X25519 key.</summary>
        public byte[] SealAsVictim(string text)
        {
            byte[] ratchetKey = victim.Device.Random.Bytes(32);
            byte[] plaintext = System.Text.Encoding.UTF8.GetBytes(text);
            byte[] sealedByVictim = Seal(victim, plaintext, victim.Device.Random, ratchetKey);
            Seal(_copy, plaintext, _ownRandom, ratchetKey);
            return sealedByVictim;
        }

        public bool Opens(byte[] message) => _copy.Open(message).Status == DecryptStatus.Ok;

        private static byte[] Seal(TestParty party, byte[] plaintext, SeededRandom random, byte[] ratchetKey) =>
            party.Sessions.Encrypt(
                plaintext, party.Device.Local, null, party.Now, new ScriptedRandom(ratchetKey, random)).Message;
    }
}
