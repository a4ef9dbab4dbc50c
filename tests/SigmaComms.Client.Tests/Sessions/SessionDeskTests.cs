using SigmaComms.Client.Sessions;
using SigmaComms.Messaging.Links;

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
}
