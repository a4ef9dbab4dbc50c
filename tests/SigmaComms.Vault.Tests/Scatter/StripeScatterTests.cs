using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Vault.Tests.Scatter;

public sealed class StripeScatterTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(65_536, 1)]
    [InlineData(65_537, 2)]
    [InlineData(1_000_000, 16)]
    public async Task What_is_written_is_read_back_whatever_its_length(int length, int stripes)
    {
        using ScatterFixture vault = new();
        byte[] plaintext = ScatterFixture.Plaintext(length);

        List<ScatteredStripe> written = await vault.WriteAsync(plaintext);
        (GatherResult result, byte[] read) = await vault.ReadAsync(written);

        Assert.Equal(stripes, written.Count);
        Assert.All(written, stripe => Assert.True(stripe.IsWhole));
        Assert.Equal(GatherStatus.Read, result.Status);
        Assert.Empty(result.Faults);
        Assert.Equal(plaintext, read);
        Assert.All(vault.Stores, store => Assert.Equal(stripes, store.Inner.Count));
    }

    [Fact]
    public async Task No_node_holds_the_plaintext_or_two_fragments_of_a_stripe()
    {
        using ScatterFixture vault = new(nodes: 7);
        byte[] plaintext = new byte[200_000];
        byte[] marker = "a marker nobody may find"u8.ToArray();
        marker.CopyTo(plaintext, 70_000);

        List<ScatteredStripe> written = await vault.WriteAsync(plaintext);

        Assert.All(written, stripe => Assert.Equal(6, stripe.Holders.Distinct().Count()));
        foreach (FaultyFragmentStore store in vault.Stores)
        {
            foreach (FragmentId id in store.Inner.Ids)
            {
                (_, FragmentLabel? label) = await store.Inner.DescribeAsync(id, CancellationToken.None);
                byte[] bytes = new byte[label!.Length];
                await store.Inner.GetAsync(id, 0, bytes, CancellationToken.None);
                Assert.Equal(-1, bytes.AsSpan().IndexOf(marker));
                Assert.Equal(-1, bytes.AsSpan().IndexOf(new byte[8]));
            }
        }
    }

    [Theory]
    [InlineData(StoreStatus.Full)]
    [InlineData(StoreStatus.Unreachable)]
    [InlineData(StoreStatus.Refused)]
    public async Task A_fragment_that_a_node_does_not_take_goes_to_the_next_and_is_told(StoreStatus answer)
    {
        using ScatterFixture vault = new(nodes: 8);
        vault.Stores[0].Answer = answer;
        byte[] plaintext = ScatterFixture.Plaintext(1_000_000);

        List<ScatteredStripe> written = await vault.WriteAsync(plaintext);
        vault.Stores[0].Answer = null;
        (GatherResult result, byte[] read) = await vault.ReadAsync(written);

        FragmentFault[] faults = [.. written.SelectMany(stripe => stripe.Faults)];
        Assert.All(written, stripe => Assert.True(stripe.IsWhole));
        Assert.NotEmpty(faults);
        Assert.All(faults, fault => Assert.Equal(answer, fault.Status));
        Assert.Single(faults.Select(fault => fault.Node).Distinct());
        Assert.Equal(0, vault.Stores[0].Inner.Count);
        Assert.Equal(GatherStatus.Read, result.Status);
        Assert.Equal(plaintext, read);
    }

    [Fact]
    public async Task A_node_that_hangs_is_given_up_after_its_limit()
    {
        using ScatterFixture vault = new();
        vault.Stores[3].HangsOnPut = true;

        Task<List<ScatteredStripe>> writing = vault.WriteAsync(ScatterFixture.Plaintext(1_000));
        await vault.Stores[3].HungAsync();
        vault.Time.Advance(TimeSpan.FromSeconds(10));
        List<ScatteredStripe> written = await writing.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Single(written);
        Assert.True(written[0].IsWhole);
        Assert.Equal(StoreStatus.Unreachable, Assert.Single(written[0].Faults).Status);
    }

    [Fact]
    public async Task Too_few_nodes_end_the_writing_with_what_each_answered()
    {
        using ScatterFixture vault = new();
        foreach (FaultyFragmentStore store in vault.Stores)
        {
            store.Answer = StoreStatus.Full;
        }

        ScatterException failure =
            await Assert.ThrowsAsync<ScatterException>(() => vault.WriteAsync(ScatterFixture.Plaintext(100_000)));

        Assert.Contains("0 of 6 fragments", failure.Message);
        Assert.Equal(36, failure.Faults.Count);
    }

    [Fact]
    public async Task Stripes_come_out_in_order_though_a_later_one_is_done_first()
    {
        using ScatterFixture vault = new();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        vault.Stores[2].FirstPutGate = gate.Task;
        byte[] plaintext = ScatterFixture.Plaintext(8 * 65_536);

        Task<List<ScatteredStripe>> writing = vault.WriteAsync(plaintext);
        await vault.Stores[2].KeptAsync(7);
        bool endedBefore = writing.IsCompleted;
        gate.SetResult();
        List<ScatteredStripe> written = await writing.WaitAsync(TimeSpan.FromSeconds(60));
        (_, byte[] read) = await vault.ReadAsync(written);

        Assert.False(endedBefore);
        Assert.Equal(plaintext, read);
    }

    [Fact]
    public async Task Memory_stays_within_twice_the_window_however_long_the_stream()
    {
        const int windowBytes = 1 << 20;
        using ScatterFixture vault = new(adjust: options => options.WindowBytes = windowBytes);
        byte[] plaintext = ScatterFixture.Plaintext(8 << 20);

        List<ScatteredStripe> written = await vault.WriteAsync(plaintext);
        (GatherResult result, byte[] read) = await vault.ReadAsync(written);

        Assert.Equal(GatherStatus.Read, result.Status);
        Assert.True(plaintext.AsSpan().SequenceEqual(read));
        Assert.InRange(vault.Buffers.Figures.RentedMaxBytes, 1, 2 * windowBytes);
        Assert.True(vault.Buffers.Figures.Hits > vault.Buffers.Figures.Misses);
    }

    [Fact]
    public async Task A_cancelled_writing_ends_and_leaves_no_room_taken()
    {
        using ScatterFixture vault = new();
        using CancellationTokenSource stop = new();
        vault.Stores[1].HangsOnPut = true;

        Task<List<ScatteredStripe>> writing = vault.WriteAsync(ScatterFixture.Plaintext(1_000_000), stop.Token);
        await vault.Stores[1].HungAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, vault.Buffers.Figures.RentedBytes);
    }

    [Fact]
    public async Task Keys_of_a_ring_and_the_same_keys_given_one_by_one_name_the_same_fragments()
    {
        using ScatterFixture vault = new();
        ScatteredStripe written = Assert.Single(await vault.WriteAsync([1, 2, 3]));
        using StripeKeys same = new(Digest.Sha256("vault"u8), new byte[32], new byte[32]);
        using StripeKeys other = new(Digest.Sha256("vault"u8), new byte[32], [.. new byte[31], 1]);

        Assert.Equal(vault.Keys.Name(written.Entry), same.Name(written.Entry));
        Assert.Empty(vault.Keys.Name(written.Entry).Intersect(other.Name(written.Entry)));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(4_096, 4_096, 1)]
    [InlineData(4_096, 5_000, 2)]
    [InlineData(4_096, 3_000, 1)]
    [InlineData(200_000, 200_000, 4)]
    [InlineData(1_000, 300_000, 10)]
    public async Task Room_is_taken_for_what_is_expected_and_all_is_written_whatever_comes(
        int expected, int length, int stripes)
    {
        using ScatterFixture vault = new();
        byte[] plaintext = ScatterFixture.Plaintext(length);
        List<ScatteredStripe> written = [];

        await foreach (ScatteredStripe stripe in vault.Writer.WriteAsync(
            new MemoryStream(plaintext), expected, CancellationToken.None))
        {
            written.Add(stripe);
        }

        long room = vault.Buffers.Figures.RentedMaxBytes;
        (GatherResult result, byte[] read) = await vault.ReadAsync(written);
        Assert.Equal(stripes, written.Count);
        Assert.Equal(GatherStatus.Read, result.Status);
        Assert.Equal(plaintext, read);
        Assert.InRange(room, 1, 8L * stripes * Math.Clamp(Math.Max(expected, length), 1_024, 65_536));
    }
}
