using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Messaging.Tests.Sessions;

public sealed class PrekeyRingTests : IDisposable
{
    private static readonly DateTimeOffset Now = TestDevice.Start;

    private readonly TestDevice _device = new("alpha", new SeededRandom(41));

    private PrekeyRing Ring => _device.Ring;

    public void Dispose() => _device.Dispose();

    [Fact]
    public void Published_bundles_verify_and_no_id_repeats()
    {
        PrekeyPublication publication = Publish(5, Now);

        PrekeyBundle[] all = [publication.LastResort, .. publication.OneTime];
        Assert.All(all, bundle => Assert.True(bundle.Verify(_device.Entry.SigPublicKey.Span, Now)));
        Assert.True(publication.LastResort.IsLastResort);
        Assert.Null(publication.LastResort.OneTimePrekeyId);
        Assert.Equal(5, publication.OneTime.Count);
        Assert.All(publication.OneTime, bundle => Assert.True(!bundle.IsLastResort && bundle.OneTimePrekeyId > 0));
        Assert.Single(all.Select(bundle => bundle.SignedPrekeyId).Distinct());
        Assert.Equal(11, all.SelectMany(b => new[] { b.KemPrekeyId, b.OneTimePrekeyId ?? 0 }).Where(id => id != 0)
            .Distinct().Count());
    }

    [Fact]
    public void Signed_and_last_resort_prekeys_are_renewed_after_7_days_and_the_old_ones_still_serve()
    {
        PrekeyBundle first = Publish(0, Now).LastResort;
        PrekeyBundle sameWeek = Publish(0, Now + TimeSpan.FromDays(6.9)).LastResort;
        Assert.True(Ring.NeedsRotation(Now + SessionLimits.PrekeyRotation));
        PrekeyBundle nextWeek = Publish(0, Now + SessionLimits.PrekeyRotation).LastResort;

        Assert.Equal(first.SignedPrekeyId, sameWeek.SignedPrekeyId);
        Assert.Equal(first.KemPrekeyId, sameWeek.KemPrekeyId);
        Assert.NotEqual(first.SignedPrekeyId, nextWeek.SignedPrekeyId);
        Assert.NotEqual(first.KemPrekeyId, nextWeek.KemPrekeyId);
        Assert.True(Ring.TryGetSignedPrekey(first.SignedPrekeyId, new byte[32]));
        Assert.True(Ring.TryGetKemPrekey(first.KemPrekeyId, new byte[64], out bool isLastResort));
        Assert.True(isLastResort);
    }

    [Fact]
    public void Private_prekeys_go_30_days_after_their_bundle_has_ended()
    {
        PrekeyBundle bundle = Publish(1, Now).OneTime[0];
        DateTimeOffset end = bundle.Expiry + SessionLimits.PrekeyRetention;

        Ring.Prune(end - TimeSpan.FromSeconds(1));
        Assert.True(Ring.TryGetOneTimePrekey(bundle.OneTimePrekeyId!.Value, new byte[32]));
        Ring.Prune(end);

        Assert.False(Ring.TryGetOneTimePrekey(bundle.OneTimePrekeyId.Value, new byte[32]));
        Assert.False(Ring.TryGetKemPrekey(bundle.KemPrekeyId, new byte[64], out _));
        Assert.False(Ring.TryGetSignedPrekey(bundle.SignedPrekeyId, new byte[32]));
    }

    [Fact]
    public void A_full_ring_retires_its_oldest_pairs_for_new_ones()
    {
        IReadOnlyList<PrekeyBundle> fetched = Publish(SessionLimits.OneTimePrekeysMax + 1, Now).OneTime;

        IReadOnlyList<PrekeyBundle> more = Publish(2, Now + TimeSpan.FromHours(1)).OneTime;

        Assert.Equal(SessionLimits.OneTimePrekeysMax, fetched.Count);
        Assert.Equal(2, more.Count);
        Assert.Equal(SessionLimits.OneTimePrekeysMax, Ring.OneTimeCount);
        Assert.Equal([(false, false), (false, false)], fetched.Take(2).Select(Holds));
        Assert.All(fetched.Skip(2).Concat(more), bundle => Assert.Equal((true, true), Holds(bundle)));
    }

    [Fact]
    public void Whichever_half_of_a_one_time_bundle_is_used_both_go()
    {
        IReadOnlyList<PrekeyBundle> bundles = Publish(3, Now).OneTime;

        Ring.Apply(new DecryptResult(DecryptStatus.Ok, ConsumedKemPrekey: bundles[0].KemPrekeyId));
        Ring.Apply(new DecryptResult(DecryptStatus.Ok, ConsumedOneTimePrekey: bundles[1].OneTimePrekeyId));

        Assert.Equal([(false, false), (false, false), (true, true)], bundles.Select(Holds));
        Assert.Equal(1, Ring.OneTimeCount);
    }

    [Fact]
    public void A_state_imports_however_the_halves_of_bundles_were_used()
    {
        for (int round = 0; round < 3; round++)
        {
            foreach (PrekeyBundle bundle in Publish(SessionLimits.OneTimePrekeysMax, Now).OneTime)
            {
                Ring.Apply(new DecryptResult(DecryptStatus.Ok, ConsumedOneTimePrekey: bundle.OneTimePrekeyId));
            }
        }

        Publish(1, Now);

        Assert.True(PrekeyRing.TryImport(Ring.Export(), out PrekeyRing? copy));
        Assert.Equal(1, copy.OneTimeCount);
    }

    [Fact]
    public void A_ring_renewed_on_a_wild_clock_keeps_16_keys_of_each_kind_and_its_state_imports()
    {
        PrekeyBundle first = Publish(0, Now).LastResort;
        Ring.Apply(Accepted(new LastResortUse(first.KemPrekeyId, EphemeralKey(1))));
        PrekeyBundle[] renewed = [.. Enumerable.Range(1, SessionLimits.RotatedPrekeysMax).Select(
            i => Publish(0, Now + (i * TimeSpan.FromDays(8)) - (i > 6 ? TimeSpan.FromDays(4) : default)).LastResort)];

        Assert.True(PrekeyRing.TryImport(Ring.Export(), out PrekeyRing? copy));

        Assert.True(copy.TryGetKemPrekey(renewed[^1].KemPrekeyId, new byte[64], out bool isLastResort));
        Assert.True(isLastResort);
        Assert.False(Ring.TryGetKemPrekey(first.KemPrekeyId, new byte[64], out _));
        Assert.False(Ring.WasLastResortUsed(first.KemPrekeyId, EphemeralKey(1)));
    }

    [Fact]
    public void Export_and_import_give_the_same_bytes_and_keys()
    {
        PrekeyBundle bundle = Publish(3, Now).OneTime[0];
        Ring.Apply(Accepted(new LastResortUse(2, new byte[32])));
        byte[] state = Ring.Export();

        Assert.True(PrekeyRing.TryImport(state, out PrekeyRing? copy));

        byte[] expected = new byte[64];
        byte[] actual = new byte[64];
        Assert.True(Ring.TryGetKemPrekey(bundle.KemPrekeyId, expected, out _));
        Assert.True(copy.TryGetKemPrekey(bundle.KemPrekeyId, actual, out _));
        Assert.Equal(expected, actual);
        Assert.Equal(state, copy.Export());
        Assert.True(copy.WasLastResortUsed(2, new byte[32]));
    }

    [Fact]
    public void A_corrupted_export_is_refused_whatever_byte_it_is()
    {
        Publish(2, Now);
        byte[] state = Ring.Export();

        for (int i = 0; i < state.Length; i++)
        {
            state[i] ^= 0x10;
            Assert.False(PrekeyRing.TryImport(state, out _));
            state[i] ^= 0x10;
            Assert.False(PrekeyRing.TryImport(state.AsSpan(0, i), out _));
        }
    }

    [Fact]
    public void After_10000_remembered_uses_a_last_resort_key_takes_no_more()
    {
        uint id = Publish(0, Now).LastResort.KemPrekeyId;
        for (int i = 0; i < SessionLimits.LastResortUsesMax; i++)
        {
            Ring.Apply(Accepted(new LastResortUse(id, EphemeralKey(i))));
        }

        Assert.True(Ring.WasLastResortUsed(id, EphemeralKey(-1)));
        Assert.False(Ring.WasLastResortUsed(id + 1, EphemeralKey(-1)));
        Ring.Apply(Accepted(new LastResortUse(id, EphemeralKey(-1))));
        Assert.True(PrekeyRing.TryImport(Ring.Export(), out _));
    }

    // A walk over a sorted set allocates its stack; a look-up does not.
    [Fact]
    public void Asking_for_a_last_resort_use_walks_over_none_of_the_others()
    {
        uint id = Publish(0, Now).LastResort.KemPrekeyId;
        for (int i = 0; i < 1_000; i++)
        {
            Ring.Apply(Accepted(new LastResortUse(id, EphemeralKey(i))));
        }

        byte[] unused = EphemeralKey(-1);
        Assert.False(Ring.WasLastResortUsed(id, unused));
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool used = Ring.WasLastResortUsed(id, unused);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.False(used);
        Assert.Equal(0, allocated);
    }

    private (bool Kem, bool OneTime) Holds(PrekeyBundle bundle) => (
        Ring.TryGetKemPrekey(bundle.KemPrekeyId, new byte[64], out _),
        Ring.TryGetOneTimePrekey(bundle.OneTimePrekeyId!.Value, new byte[32]));

    private static byte[] EphemeralKey(int number)
    {
        byte[] key = new byte[32];
        BitConverter.TryWriteBytes(key, number);
        return key;
    }

    private static DecryptResult Accepted(LastResortUse use) => new(DecryptStatus.Ok, RememberLastResort: use);

    private PrekeyPublication Publish(int oneTimeCount, DateTimeOffset now) =>
        Ring.Publish(_device.Local, oneTimeCount, now, _device.Random);
}
