using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Storage.Doors;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Doors;

/// <summary>How the parts of fragments are taken in from one link.</summary>
public sealed class StorageGuestTests
{
    private const int Part = LinkLimits.FragmentPartBytes;

    private readonly VirtualTime _time = new();
    private readonly ByteAccount _door = new(StorageDoor.BytesMax, null);
    private readonly StorageGuest _guest;

    public StorageGuestTests() => _guest = new StorageGuest(SimCluster.IdentityOf(1).Id, false, _door, _time);

    [Fact]
    public async Task Parts_in_order_make_the_fragment_and_each_but_the_last_is_done_at_once()
    {
        FragmentLabel label = Label(1, (2 * Part) + 64);

        LinkMessage? first = (await PutAsync(label, 0, Part, 1)).Answer;
        LinkMessage? second = (await PutAsync(label, Part, Part, 2)).Answer;
        FragmentIntake whole = await PutAsync(label, 2 * Part, 64, 3);

        Assert.IsType<Done>(first);
        Assert.IsType<Done>(second);
        Assert.Null(whole.Answer);
        Assert.Equal(label, whole.Label);
        Assert.Equal([1, 2, 3], [whole.Fragment.Span[0], whole.Fragment.Span[Part], whole.Fragment.Span[^1]]);
        Assert.Equal(label.Length, _guest.Account.Held);
    }

    [Theory]
    [InlineData(2 * Part, Part)]
    [InlineData(Part - 1, Part)]
    [InlineData(Part, Part - 64)]
    [InlineData(Part, 64)]
    public async Task A_part_that_is_not_the_next_one_is_refused_and_the_fragment_begins_anew(uint offset, int length)
    {
        FragmentLabel label = Label(1, 3 * Part);
        await PutAsync(label, 0, Part, 1);

        LinkMessage? wrong = (await PutAsync(label, offset, length, 2)).Answer;
        LinkMessage? next = (await PutAsync(label, Part, Part, 2)).Answer;
        LinkMessage? anew = (await PutAsync(label, 0, Part, 1)).Answer;

        Assert.Equal(RefusalReason.FragmentRefused, Assert.IsType<Refused>(wrong).Reason);
        Assert.Equal(RefusalReason.FragmentRefused, Assert.IsType<Refused>(next).Reason);
        Assert.IsType<Done>(anew);
        Assert.Equal(label.Length, _guest.Account.Held);
    }

    [Theory]
    [InlineData(128, 64)]
    [InlineData(128, 192)]
    [InlineData(2 * Part, Part - 1)]
    public async Task A_first_part_that_is_too_short_or_too_long_is_refused_and_holds_nothing(int length, int sent)
    {
        LinkMessage? answer = (await PutAsync(Label(1, length), 0, sent, 1)).Answer;

        Assert.Equal(RefusalReason.FragmentRefused, Assert.IsType<Refused>(answer).Reason);
        Assert.Equal(0, _door.Held);
    }

    [Fact]
    public async Task A_part_of_another_fragment_or_with_another_label_belongs_to_none()
    {
        FragmentLabel label = Label(1, 2 * Part);
        FragmentLabel otherVault = new(
            Digest.Sha256("other"u8), label.Stripe, 1, 0, label.Length, label.Siblings);
        await PutAsync(label, 0, Part, 1);

        LinkMessage? strange = (await PutAsync(Label(2, 2 * Part), Part, Part, 2)).Answer;
        LinkMessage? relabelled = (await PutAsync(otherVault, Part, Part, 2)).Answer;
        FragmentIntake right = await PutAsync(label, Part, Part, 2);

        Assert.Equal(RefusalReason.FragmentRefused, Assert.IsType<Refused>(strange).Reason);
        Assert.Equal(RefusalReason.FragmentRefused, Assert.IsType<Refused>(relabelled).Reason);
        Assert.Equal(label, right.Label);
    }

    [Fact]
    public async Task A_link_holds_no_more_than_its_share_until_what_stands_idle_gives_way()
    {
        int length = FragmentLabel.LengthMax;
        LinkMessage?[] begun = [.. await Task.WhenAll(Enumerable.Range(1, 4).Select(
            async number => (await PutAsync(Label(number, length), 0, Part, 1)).Answer))];

        LinkMessage? fifth = (await PutAsync(Label(5, length), 0, Part, 1)).Answer;
        _time.Advance(StorageGuest.IdleMax + TimeSpan.FromSeconds(1));
        LinkMessage? later = (await PutAsync(Label(5, length), 0, Part, 1)).Answer;

        Assert.All(begun, answer => Assert.IsType<Done>(answer));
        Refused busy = Assert.IsType<Refused>(fifth);
        Assert.Equal(RefusalReason.Overloaded, busy.Reason);
        Assert.True(busy.RetryAfter > TimeSpan.Zero);
        Assert.IsType<Done>(later);
        Assert.Equal(length, _guest.Account.Held);
    }

    [Fact]
    public async Task All_links_together_hold_no_more_than_the_door_allows_and_a_link_that_ends_gives_all_back()
    {
        ByteAccount door = new(FragmentLabel.LengthMax, null);
        StorageGuest first = new(SimCluster.IdentityOf(1).Id, false, door, _time);
        StorageGuest second = new(SimCluster.IdentityOf(2).Id, false, door, _time);
        LinkMessage? begun = (await PutAsync(Label(1, FragmentLabel.LengthMax), 0, Part, 1, first)).Answer;

        LinkMessage? refused = (await PutAsync(Label(2, 2 * Part), 0, Part, 1, second)).Answer;
        first.Dispose();
        first.Dispose();
        first.Account.Give(1_000);
        LinkMessage? taken = (await PutAsync(Label(2, 2 * Part), 0, Part, 1, second)).Answer;
        LinkMessage? afterEnd = (await PutAsync(Label(3, 64), 0, 64, 1, first)).Answer;

        Assert.IsType<Done>(begun);
        Assert.Equal(RefusalReason.Overloaded, Assert.IsType<Refused>(refused).Reason);
        Assert.IsType<Done>(taken);
        Assert.IsType<Refused>(afterEnd);
        Assert.Equal(2 * Part, door.Held);
    }

    [Fact]
    public async Task Parts_wait_for_the_verdict_on_the_first_one_and_keep_their_order()
    {
        FragmentLabel label = Label(1, (2 * Part) + 64);
        TaskCompletionSource<Refused?> verdict = new();

        Task<FragmentIntake> first = _guest.TakeAsync(label, Sent(label, 0, Part, 1), () => new(verdict.Task));
        Task<FragmentIntake> second = PutAsync(label, Part, Part, 2);
        Task<FragmentIntake> third = PutAsync(label, 2 * Part, 64, 3);
        bool waited = !first.IsCompleted && !second.IsCompleted && !third.IsCompleted;
        verdict.SetResult(null);

        Assert.True(waited);
        Assert.IsType<Done>((await first).Answer);
        Assert.IsType<Done>((await second).Answer);
        Assert.Equal(label, (await third).Label);
    }

    [Fact]
    public async Task Who_is_objected_to_holds_nothing()
    {
        FragmentLabel label = Label(1, 2 * Part);

        FragmentIntake intake = await _guest.TakeAsync(
            label, Sent(label, 0, Part, 1), () => new(new Refused(RefusalReason.NotAllowed, "no writer")));

        Assert.Equal(RefusalReason.NotAllowed, Assert.IsType<Refused>(intake.Answer).Reason);
        Assert.Equal(0, _door.Held);
    }

    private Task<FragmentIntake> PutAsync(
        FragmentLabel label, uint offset, int length, byte fill, StorageGuest? guest = null) =>
        (guest ?? _guest).TakeAsync(label, Sent(label, offset, length, fill), static () => new((Refused?)null));

    private static PutFragment Sent(FragmentLabel label, uint offset, int length, byte fill)
    {
        byte[] content = new byte[length];
        Array.Fill(content, fill);
        return new PutFragment(new byte[label.Siblings.Count], offset, content);
    }

    private static FragmentLabel Label(int number, int length)
    {
        Digest id = Digest.Sha256(BitConverter.GetBytes(number));
        StripeId stripe = new(id.ToArray().AsSpan(0, 16));
        return new FragmentLabel(default, stripe, 1, 0, length, [new FragmentName(new FragmentId(id), id)]);
    }
}
