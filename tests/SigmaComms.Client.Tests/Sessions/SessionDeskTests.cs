using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Tests.Sessions;

public sealed class SessionDeskTests
{
    [Fact]
    public void Only_notes_may_wait_for_the_next_message_and_only_a_few()
    {
        var notes = new SessionDesk();
        var many = new SessionDesk();
        var mixed = new SessionDesk();
        for (int i = 0; i < 31; i++)
        {
            notes.Waiting.AddLast(new SessionInput.DepositDone(default(Digest16)));
            many.Waiting.AddLast(new SessionInput.Mark((ulong)i, new TaskCompletionSource()));
        }

        many.Waiting.AddLast(new SessionInput.DepositDone(default(Digest16)));
        mixed.Waiting.AddLast(new SessionInput.DepositDone(default(Digest16)));
        mixed.Waiting.AddLast(new SessionInput.SealReceipt());

        Assert.True(notes.MayRide);
        Assert.False(many.MayRide);
        Assert.False(mixed.MayRide);
        Assert.False(new SessionDesk().MayRide);
    }

    [Fact]
    public void What_nobody_would_say_again_is_handled_anew_after_a_commit_that_could_not_be_stored()
    {
        var account = new TestAccount("beta", 7);
        using LocalDevice device = account.Device;
        TaskCompletionSource durable = new();
        var mark = new SessionInput.Mark(1, durable);
        var deposited = new SessionInput.DepositDone(default(Digest16));
        var observed = new SessionInput.ObserveIdentity(account.Remote);
        var accepted = new SessionInput.AcceptIdentity(account.Remote);
        var later = new SessionInput.SealAgain();
        var desk = new SessionDesk { AtWork = mark };
        desk.Committing.AddRange(
            [mark, deposited, new SessionInput.SealReceipt(), observed, new SessionInput.PrekeysForgotten(), accepted]);
        desk.Waiting.AddLast(later);

        desk.TurnAway(new ClientException(ClientFailure.Disk, "full"));
        desk.PutBack();

        Assert.Equal<SessionInput>([deposited, observed, accepted, later], desk.Waiting);
        Assert.Equal(ClientFailure.Disk, Assert.IsType<ClientException>(durable.Task.Exception!.InnerException).Reason);
        Assert.Empty(desk.Committing);
        Assert.Null(desk.AtWork);
        Assert.True(desk.TurnedAway);
    }
}
