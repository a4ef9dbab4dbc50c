using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Vault.Tests.Scatter;

public sealed class StripeGatherTests
{
    [Fact]
    public async Task Any_two_of_six_nodes_may_be_lost()
    {
        using ScatterFixture vault = new();
        byte[] plaintext = ScatterFixture.Plaintext(150_000);
        List<ScatteredStripe> written = await vault.WriteAsync(plaintext);
        for (int first = 0; first < 6; first++)
        {
            for (int second = first + 1; second < 6; second++)
            {
                vault.Stores[first].Answer = StoreStatus.NotFound;
                vault.Stores[second].Answer = StoreStatus.NotFound;

                (GatherResult result, byte[] read) = await vault.ReadAsync(written);

                Assert.Equal(GatherStatus.Read, result.Status);
                Assert.Equal(plaintext, read);
                vault.Stores[first].Answer = null;
                vault.Stores[second].Answer = null;
            }
        }
    }

    [Fact]
    public async Task One_loss_too_many_is_told_by_number_and_stripe_and_nothing_of_it_is_given()
    {
        using ScatterFixture vault = new();
        List<ScatteredStripe> written = await vault.WriteAsync(ScatterFixture.Plaintext(1_000));
        for (int i = 0; i < 3; i++)
        {
            vault.Stores[i].Answer = StoreStatus.NotFound;
        }

        (GatherResult result, byte[] read) = await vault.ReadAsync(written);

        Assert.Equal(GatherStatus.NeedsFragments, result.Status);
        Assert.Equal(1, result.Missing);
        Assert.Equal(written[0].Entry.Stripe, result.Stripe);
        Assert.Empty(read);
    }

    [Fact]
    public async Task Nodes_that_lie_or_have_rotten_fragments_are_told_and_do_no_harm()
    {
        using ScatterFixture vault = new();
        byte[] plaintext = ScatterFixture.Plaintext(1_000);
        ScatteredStripe written = Assert.Single(await vault.WriteAsync(plaintext));
        FragmentId[] ids = vault.Keys.Name(written.Entry);
        FaultyFragmentStore liar = vault.StoreOf(written.Holders[0]!.Value);
        FaultyFragmentStore rotten = vault.StoreOf(written.Holders[1]!.Value);
        liar.Lie = 0x5a;
        rotten.Inner.Damage(ids[1], 77);
        (GatherResult result, byte[] read) = await vault.ReadAsync([written]);

        Assert.Equal(GatherStatus.Read, result.Status);
        Assert.Equal(plaintext, read);
        Assert.Equal(
            [
                new FragmentFault(ids[0], 0, written.Holders[0]!.Value, StoreStatus.Corrupt),
                new FragmentFault(ids[1], 1, written.Holders[1]!.Value, StoreStatus.Corrupt),
            ],
            result.Faults.OrderBy(fault => fault.Index));
    }

    [Fact]
    public async Task A_node_that_hangs_is_overtaken_by_a_further_fragment()
    {
        using ScatterFixture vault = new();
        byte[] plaintext = ScatterFixture.Plaintext(1_000);
        ScatteredStripe written = Assert.Single(await vault.WriteAsync(plaintext));
        FaultyFragmentStore slow = vault.StoreOf(written.Holders[0]!.Value);
        slow.HangsOnGet = true;

        Task<(GatherResult Result, byte[] Plaintext)> reading = vault.ReadAsync([written]);
        await slow.HungAsync();
        vault.Time.Advance(TimeSpan.FromMilliseconds(500));
        (GatherResult result, byte[] read) = await reading;

        Assert.Equal(GatherStatus.Read, result.Status);
        Assert.Empty(result.Faults);
        Assert.Equal(plaintext, read);
    }

    [Fact]
    public async Task A_node_that_was_slow_is_not_among_the_first_asked_again()
    {
        using ScatterFixture vault = new();
        ScatteredStripe written = Assert.Single(await vault.WriteAsync(ScatterFixture.Plaintext(1_000)));
        FaultyFragmentStore slow = vault.StoreOf(written.Holders[0]!.Value);
        slow.HangsOnGet = true;
        Task<(GatherResult Result, byte[] Plaintext)> first = vault.ReadAsync([written]);
        await slow.HungAsync();
        vault.Time.Advance(TimeSpan.FromMilliseconds(500));
        await first;
        int asked = slow.Asked;

        (GatherResult second, _) = await vault.ReadAsync([written]);

        Assert.Equal(GatherStatus.Read, second.Status);
        Assert.Equal(asked, slow.Asked);
    }

    [Fact]
    public async Task Fragments_that_went_to_another_node_are_found_there()
    {
        using ScatterFixture vault = new(nodes: 9, data: 2, parity: 0);
        byte[] plaintext = ScatterFixture.Plaintext(200_000);
        vault.Stores[4].Answer = StoreStatus.Full;
        List<ScatteredStripe> written = await vault.WriteAsync(plaintext);
        vault.Stores[4].Answer = null;

        (GatherResult result, byte[] read) = await vault.ReadAsync(written);

        Assert.Equal(GatherStatus.Read, result.Status);
        Assert.Equal(plaintext, read);
        Assert.All(result.Faults, fault => Assert.Equal(StoreStatus.NotFound, fault.Status));
    }

    [Fact]
    public async Task Other_keys_are_refused_or_find_nothing()
    {
        using ScatterFixture vault = new();
        ScatteredStripe written = Assert.Single(await vault.WriteAsync(ScatterFixture.Plaintext(1_000)));
        using StripeKeys otherContent = new(vault.Keys.Vault, [.. new byte[31], 1], new byte[32]);
        using StripeKeys otherPlacement = new(vault.Keys.Vault, new byte[32], [.. new byte[31], 1]);
        byte[] room = new byte[1_000];
        CancellationToken never = CancellationToken.None;

        GatherResult refused = await vault.Reader.ReadAsync(new(written.Entry, otherContent), room, never);
        GatherResult nothing = await vault.Reader.ReadAsync(new(written.Entry, otherPlacement), room, never);

        Assert.Equal(GatherStatus.Refused, refused.Status);
        Assert.Equal((GatherStatus.NeedsFragments, 4), (nothing.Status, nothing.Missing));
        Assert.All(room, value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task A_destination_of_another_length_is_refused()
    {
        using ScatterFixture vault = new();
        ScatteredStripe written = Assert.Single(await vault.WriteAsync(ScatterFixture.Plaintext(1_000)));

        await Assert.ThrowsAsync<ArgumentException>(
            () => vault.Reader.ReadAsync(new(written.Entry, vault.Keys), new byte[999], CancellationToken.None));
    }
}
