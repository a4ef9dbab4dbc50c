using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Tests.Replicas.Harness;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Replicas;

/// <summary>Who was away while the others went on, and go on: it hears of the present and lacks the past.</summary>
public sealed class FarBehindTests
{
    private const int Page = 10;

    [Fact]
    public void Final_blocks_that_come_page_by_page_are_taken_though_a_far_later_view_is_known_to_be_final()
    {
        var solo = new Solo(0);
        List<Block> chain = Chain(solo, 2 * Page);
        solo.Receive(1, new Message.Status(
            new Epoch(1), new View(500), new Height(500), Far(500), new View(500), IsAnswer: false));
        solo.Receive(1, new Message.Certificates([Certified(BallotKind.Finalize, 500, Far(500))]));
        solo.Fire(TimerKind.Pull);

        solo.Receive(1, PageOf(chain, 0));
        Height first = solo.Replica.FinalHeight;
        Message.PullFinal asked = Assert.IsType<Message.PullFinal>(
            solo.Effects.OfType<Effect.Send>().Last(send => send.Message is Message.PullFinal).Message);
        solo.Receive(1, new Message.Certificates([Certified(BallotKind.Finalize, 600, Far(600))]));
        solo.Receive(1, PageOf(chain, Page));
        Height second = solo.Replica.FinalHeight;
        solo.Restart();

        Assert.Equal(new Height(Page), first);
        Assert.Equal(new Height(Page + 1), asked.From);
        Assert.Equal(new Height(2 * Page), second);
        Assert.Equal(chain.Select(block => block.Digest), solo.Committed.Select(block => block.Digest));
        Assert.Equal((second, new View(601)), (solo.Replica.FinalHeight, solo.Replica.View));
    }

    [Fact]
    public void Blocks_far_above_the_last_final_one_are_not_kept_by_who_lacks_those_between()
    {
        var solo = new Solo(0);
        List<Block> chain = Chain(solo, 200);
        int held = 0;
        foreach (Block block in chain.Skip(1))
        {
            solo.Propose(block);
            solo.VoteAll(Solo.Notarize(block));
            held = Math.Max(held, solo.Replica.Held.Blocks);
        }

        Assert.Equal(new View(201), solo.Replica.View);
        Assert.InRange(held, 1, 128 + (int)ReplicaState.ProposalsBehindMax + 1);
    }

    [Fact]
    public void An_ancestor_that_many_blocks_lack_is_asked_for_once_at_a_time()
    {
        var solo = new Solo(0);
        List<Block> chain = Chain(solo, 40);
        foreach (Block block in chain.Skip(1))
        {
            solo.Propose(block);
            solo.VoteAll(Solo.Notarize(block));
        }

        int before = solo.Effects.Count;
        solo.Fire(TimerKind.Pull);

        Digest[] asked = [.. solo.Effects.Skip(before).OfType<Effect.Send>()
            .Select(send => send.Message).OfType<Message.PullBlock>().Select(pull => pull.Block)];
        Assert.NotEmpty(asked);
        Assert.Equal(asked.Distinct(), asked);
    }

    [Fact]
    public void A_tail_without_commands_that_others_may_have_final_is_asked_about_a_few_times_and_then_all_is_silent()
    {
        var solo = new Solo(0);
        Block work = solo.Build([], 1, 1);
        Block tail = solo.Build([work], 2, 0);
        solo.Propose(work);
        solo.VoteAll(Solo.Notarize(work));
        solo.Propose(tail);
        solo.VoteAll(Solo.Finalize(work));
        solo.VoteAll(Solo.Notarize(tail));
        Height before = solo.Replica.FinalHeight;
        int asked = solo.Effects.Count(IsQuestion);

        int fired = 0;
        while (fired < 10 && solo.IsRunning(TimerKind.Retry))
        {
            solo.Fire(TimerKind.Retry);
            fired++;
        }

        asked = solo.Effects.Count(IsQuestion) - asked;
        Assert.Equal(new Height(1), before);
        Assert.False(solo.IsRunning(TimerKind.Retry));
        Assert.InRange(asked, 2, 4);
    }

    private static bool IsQuestion(Effect effect) =>
        effect is Effect.Broadcast { Message: Message.Status { IsAnswer: false } };

    private static List<Block> Chain(Solo solo, int count)
    {
        List<Block> chain = [];
        for (int i = 1; i <= count; i++)
        {
            chain.Add(solo.Build(chain, (ulong)i, i));
        }

        return chain;
    }

    private static Message.FinalBlocks PageOf(List<Block> chain, int from)
    {
        List<Block> page = chain.GetRange(from, Page);
        BlockHeader last = page[^1].Header;
        return new Message.FinalBlocks(
            page, new FinalityProof(Certified(BallotKind.Finalize, last.View.Value, page[^1].Digest), []));
    }

    private static Digest Far(ulong view) => Digest.Sha256(BitConverter.GetBytes(view));

    private static Certificate Certified(BallotKind kind, ulong view, Digest block) => new(
        kind, new Epoch(1), new View(view), block,
        [.. Enumerable.Range(1, 3).Select(voter => new CertificateVote((byte)voter, null, new byte[] { 1 }))]);
}
