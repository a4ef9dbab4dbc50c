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
    private readonly ByteAccount _door = new(GuestBook.ClientBytesMax, null);
    private readonly StorageGuest _guest;

    public StorageGuestTests() => _guest = new StorageGuest(SimCluster.IdentityOf(1).Id, false, _door, _door, _time);

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
            Digest.Sha256("other"u8), label.Stripe, 1, 0, label.Length, label.Address, [label.Root]);
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
        LinkMessage?[] begun = [.. await Task.WhenAll(Enumerable.Range(1, 3).Select(
            async number => (await PutAsync(Label(number, length), 0, Part, 1)).Answer))];

        LinkMessage? fourth = (await PutAsync(Label(4, length), 0, Part, 1)).Answer;
        _time.Advance(StorageGuest.IdleMax + TimeSpan.FromSeconds(1));
        LinkMessage? later = (await PutAsync(Label(4, length), 0, Part, 1)).Answer;

        Assert.All(begun, answer => Assert.IsType<Done>(answer));
        Refused busy = Assert.IsType<Refused>(fourth);
        Assert.Equal(RefusalReason.Overloaded, busy.Reason);
        Assert.True(busy.RetryAfter > TimeSpan.Zero);
        Assert.IsType<Done>(later);
        Assert.Equal(length, _guest.Account.Held);
    }

    [Fact]
    public async Task All_links_together_hold_no_more_than_the_door_allows_and_a_link_that_ends_gives_all_back()
    {
        ByteAccount door = new(FragmentLabel.LengthMax, null);
        StorageGuest first = new(SimCluster.IdentityOf(1).Id, false, door, door, _time);
        StorageGuest second = new(SimCluster.IdentityOf(2).Id, false, door, door, _time);
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
    public async Task Links_of_one_device_that_fall_silent_keep_no_room_from_others_for_long()
    {
        GuestBook book = new(_time);
        foreach (int device in Enumerable.Range(10, 4))
        {
            foreach (StorageGuest link in Enumerable.Range(0, 3).Select(_ => Enter(book, device)))
            {
                foreach (int number in Enumerable.Range(1, 3))
                {
                    await PutAsync(Label((device * 10) + number, FragmentLabel.LengthMax), 0, Part, 1, link);
                }
            }
        }

        StorageGuest other = Enter(book, 20);
        long held = book.Held;
        LinkMessage? atOnce = (await PutAsync(Label(1, FragmentLabel.LengthMax), 0, Part, 1, other)).Answer;
        bool mayRead = other.Reads.TryTake(Part);
        StorageGuest node = book.Enter(SimCluster.IdentityOf(30).Id, isNode: true);
        LinkMessage? nodes = (await PutAsync(Label(2, FragmentLabel.LengthMax), 0, Part, 1, node)).Answer;
        _time.Advance(StorageGuest.IdleMax + TimeSpan.FromSeconds(1));
        LinkMessage? later = (await PutAsync(Label(1, FragmentLabel.LengthMax), 0, Part, 1, other)).Answer;

        Assert.Equal(4 * GuestBook.DeviceBytesMax, held);
        Assert.Equal(RefusalReason.Overloaded, Assert.IsType<Refused>(atOnce).Reason);
        Assert.True(mayRead);
        Assert.IsType<Done>(nodes);
        Assert.IsType<Done>(later);
    }

    [Fact]
    public async Task A_verdict_that_failed_ends_no_later_part()
    {
        FragmentLabel label = Label(1, 128);

        Task<FragmentIntake> failed = _guest.TakeAsync(
            label, Sent(label, 0, 128, 1), static () => throw new InvalidOperationException("the log is gone"));
        FragmentIntake next = await PutAsync(label, 0, 128, 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => failed);
        Assert.Equal(label, next.Label);
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

    private static StorageGuest Enter(GuestBook book, int device) =>
        book.Enter(SimCluster.IdentityOf(device).Id, isNode: false);

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
        return new FragmentLabel(default, stripe, 1, 0, length, id, [id]);
    }
}
