using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Simulation.Faults;
using SigmaComms.Simulation.Misbehaviours;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;
using Xunit.Abstractions;

namespace SigmaComms.Simulation.Scenes;

/// <summary>Power cuts between the two files of a turn: the guard has it, and the log has not.</summary>
public sealed class GuardSceneTests(ITestOutputHelper output)
{
    [Fact]
    public void A_finalize_that_only_the_guard_remembers_does_not_stop_the_cluster()
    {
        int cuts = 0;
        for (ulong seed = 1; seed <= 12; seed++)
        {
            for (int cut = 0; cut < 6; cut++)
            {
                cuts += Play(seed, cut) ? 1 : 0;
            }
        }

        output.WriteLine($"{cuts} power cuts");
        Assert.True(cuts > 40);
    }

    // One replica alone holds the notarization of view 1, by a vote of a liar that is silent from then on.
    private static bool Play(ulong seed, int cut)
    {
        Scene scene = new(4, seed);
        SimNode leader = scene.LeaderOf(1);
        SimNode alone = scene.LeaderOf(2);
        SimNode liar = scene.LeaderOf(3);
        SimNode fourth = scene.LeaderOf(4);
        liar.Misbehaviour = new Twin(new SimRandom(seed));
        bool isHidden = true;
        scene.World.Network.Filter = (from, to, message) => (isHidden, message) switch
        {
            (true, Message.Propose) => to != fourth,
            (true, Message.VoteCast { Vote.Ballot.Kind: BallotKind.Notarize }) => to == alone,
            (true, Message.Have or Message.Certificates) => false,
            (true, Message.VoteCast) => from != alone && from != liar,
            _ => from != liar && to != liar,
        };
        scene.Start();
        bool isCut = false;
        scene.World.Oracle.OnSigned = (node, vote) =>
        {
            if (!isCut && node == liar && vote.Ballot.Kind == BallotKind.Notarize)
            {
                // The next turns of the lonely one make the certificate; the power goes in one of them.
                isCut = true;
                alone.Disk.CutAt = alone.Disk.ChangeCount + cut;
            }
        };
        scene.Ask(1);
        bool wasCut = scene.RunUntil(() => !alone.IsUp, 400);
        scene.RunFor(300);
        isHidden = false;
        alone.Boot();
        scene.RunFor(2_000);
        new Nemesis(scene.World).Pacify();
        scene.Ask(1);
        bool isLive = scene.RunUntil(
            () => scene.World.Honest.All(node => node.Host?.Replica.FinalHeight.Value >= 1), 120_000);

        Assert.True(
            isLive, $"seed {seed}, cut {cut}:\n" + string.Join('\n', scene.World.Trace.Last(90)));
        return wasCut;
    }
}
