using SigmaComms.Consensus;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Simulation.Clients;
using SigmaComms.Simulation.Faults;
using SigmaComms.Simulation.Misbehaviours;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;
using Xunit.Abstractions;

namespace SigmaComms.Simulation.Scenes;

/// <summary>
/// Faults that other protocols or their implementations had, where it takes a cluster with disks to show them; those
/// that one replica shows are in the tests of the core.
/// </summary>
public sealed class PublishedBugSceneTests(ITestOutputHelper output)
{
    // arXiv 2310.09006: one replica alone holds a certificate, and falls silent.
    [Fact]
    public void Hidden_lock_a_notarization_that_one_replica_alone_holds_stops_nobody()
    {
        Scene scene = new(4);
        SimNode alone = scene.LeaderOf(2);
        bool isHidden = true;
        scene.World.Network.Filter = (from, to, message) => !isHidden || from == to || (message switch
        {
            Message.VoteCast { Vote.Ballot.Kind: BallotKind.Notarize } => to == alone,
            Message.Have or Message.Certificates => false,
            _ => from != alone,
        });
        scene.Start();
        scene.Ask(3);
        scene.RunUntil(() => alone.Host!.Replica.View > new View(1), 2_000);
        View ahead = alone.Host!.Replica.View;
        alone.Crash(isPowerCut: true);
        isHidden = false;
        bool othersWentOn = scene.RunUntil(() => scene.World.Oracle.FinalHeight.Value > 0, 20_000);

        scene.End();

        Assert.True(ahead > new View(1));
        Assert.True(othersWentOn);
    }

    // All lose power at any change of any disk: what was decided is found again, and the cluster goes on.
    [Fact]
    public void Restart_without_certificates_a_blackout_at_any_change_of_the_disks_is_survived()
    {
        int cuts = 0;
        for (int change = 0; change < 30; change++)
        {
            Scene scene = new(4, seed: (ulong)change + 1);
            scene.Start();
            scene.Ask(2);
            scene.Ask(2);
            scene.RunFor(10);
            foreach (SimNode node in scene.Nodes)
            {
                node.Disk.CutAt = node.Disk.ChangeCount + change;
            }

            cuts += scene.RunUntil(() => scene.Nodes.All(node => !node.IsUp), 500) ? 1 : 0;
            scene.RunFor(100);

            scene.End();
        }

        output.WriteLine($"{cuts} blackouts");
        Assert.True(cuts > 15);
    }

    // Where a vote was sent before it was durable, a power cut made an honest node contradict itself.
    [Fact]
    public void Non_durable_vote_a_replica_that_loses_power_at_any_effect_says_the_same_again()
    {
        for (int effect = 1; effect < 60; effect += 2)
        {
            Scene scene = new(4, seed: (ulong)effect);
            scene.Start();
            scene.Ask(3);
            SimNode victim = scene.LeaderOf(1);
            victim.CrashAtEffect = victim.EffectCount + effect;
            scene.RunFor(200);
            victim.Boot();
            scene.RunFor(200);

            scene.End();

            Assert.True(scene.World.Oracle.FinalHeight.Value > 0, $"effect {effect}");
        }
    }

    // Two machines under one key, each heard by one half: neither half may decide alone.
    [Fact]
    public void Twins_that_speak_to_two_halves_make_no_fork_and_are_convicted()
    {
        bool isAccused = false;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            Scene scene = new(4, seed);
            SimNode original = scene.LeaderOf(1);
            SimNode twin = scene.AddTwin(original);
            SimNode[] others = [.. scene.Nodes.Where(node => node.Id != original.Id)];
            scene.World.Network.Filter = (from, to, _) =>
                (from != original && to != original) || from == others[0] || to == others[0] || from == others[1]
                    || to == others[1];
            scene.World.Network.Cut(twin.Number, others[0].Number);
            scene.World.Network.Cut(others[0].Number, twin.Number);
            scene.Start();
            scene.Ask(4);
            scene.Ask(4);
            scene.RunFor(1_500);

            scene.End();
            isAccused |= scene.World.Oracle.Newest.Epoch > new Epoch(1);
        }

        Assert.True(isAccused);
    }

    // Old members that left at once took the certificate of the epoch's end with them.
    [Fact]
    public void Early_resignation_who_missed_the_end_of_epochs_is_brought_on_by_those_who_remain()
    {
        Scene scene = new(4, spares: 1);
        SimNode late = scene.Nodes[3];
        Nemesis nemesis = new(scene.World);
        scene.Start();
        late.Crash(isPowerCut: true);
        SimClient client = scene.Ask(2);
        scene.RunUntil(() => client.IsDone, 5_000);
        nemesis.Do(new Fault(default, FaultKind.Admit, 4, 0));
        bool hasJoined = scene.RunUntil(() => scene.World.Oracle.Newest.Count == 5, 20_000);
        nemesis.Do(new Fault(default, FaultKind.Leave, 0, 0));
        bool hasLeft = scene.RunUntil(() => scene.World.Oracle.Newest.Epoch > new Epoch(2), 20_000);

        scene.End();

        Assert.True(hasJoined);
        Assert.True(hasLeft);
        Assert.Equal(scene.World.Oracle.FinalHeight, late.Host!.Replica.FinalHeight);
    }

    // One claim of a height that nobody has kept others from fetching anything else.
    [Fact]
    public void Forged_sequence_who_is_behind_catches_up_although_a_peer_serves_lies()
    {
        for (ulong seed = 1; seed <= 6; seed++)
        {
            Scene scene = new(4, seed);
            scene.Nodes[2].Misbehaviour = new Misleader(new SimRandom(seed));
            SimNode behind = scene.Nodes[3];
            scene.Start();
            behind.Crash(isPowerCut: false);
            SimClient client = scene.Ask(5);
            scene.RunUntil(() => client.IsDone, 20_000);
            behind.Boot();
            scene.RunFor(1_000);

            scene.End();

            Assert.Equal(scene.World.Oracle.FinalHeight, behind.Host!.Replica.FinalHeight);
        }
    }
}
