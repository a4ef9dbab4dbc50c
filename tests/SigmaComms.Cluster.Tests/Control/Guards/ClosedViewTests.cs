using SigmaComms.Cluster.Control.Guards;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Consensus;
using static SigmaComms.Cluster.Tests.Control.Guards.GuardScript;

namespace SigmaComms.Cluster.Tests.Control.Guards;

/// <summary>Views of which guard and log tell different things.</summary>
public sealed class ClosedViewTests
{
    private readonly FaultyDisk _disk = new(1);

    // Seed 4771 of the simulation: a leader whose turn was lost between guard and log proposed another block, which the
    // guard refused and the log got; what it said later to give the view up must be known after the next restart.
    [Fact]
    public void A_view_that_a_contradiction_closed_can_be_given_up_and_that_is_known_after_a_restart()
    {
        using (VoteGuard guard = VoteGuard.Create(_disk, ClusterId, new Epoch(5), 2))
        {
            Say(guard, Parse("notarize a", 3));
            Say(guard, Parse("nullify", 3));
        }

        using (VoteGuard guard = VoteGuard.Open(_disk, ClusterId))
        {
            guard.Confirm([Parse("notarize b", 3), Parse("nullify", 3)], WalPosition.Start);

            Assert.Equal(GuardVerdict.Known, guard.Admit(Parse("nullify", 3)));
        }

        using VoteGuard again = VoteGuard.Open(_disk, ClusterId);
        again.Confirm([Parse("notarize b", 3)], WalPosition.Start);

        Assert.Equal(GuardVerdict.Known, again.Admit(Parse("nullify", 3)));
        Assert.Equal(GuardVerdict.Contradiction, again.Admit(Parse("finalize a", 3)));
    }

    [Theory]
    [InlineData("finalize a", "nullify")]
    [InlineData("nullify", "finalize a")]
    [InlineData("finalize a", "finalize b")]
    public void A_closed_view_is_not_given_up_if_guard_or_log_tell_of_a_finalize(string inGuard, string inLog)
    {
        using (VoteGuard guard = VoteGuard.Create(_disk, ClusterId, new Epoch(5), 2))
        {
            Say(guard, Parse(inGuard, 3));
        }

        using VoteGuard reopened = VoteGuard.Open(_disk, ClusterId);
        reopened.Confirm([Parse(inLog, 3)], WalPosition.Start);

        Assert.Equal(GuardVerdict.Contradiction, reopened.Admit(Parse("nullify", 3)));
        Assert.Equal(GuardVerdict.Contradiction, reopened.Admit(Parse("finalize a", 3)));
    }
}
