using SigmaComms.Actors;
using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Health;

namespace SigmaComms.Cluster.Tests.Health;

public sealed class PartJudgeTests
{
    private const string Window = "five minutes";

    private static readonly ActorSnapshot Well = new(
        new ActorPath("sigma", "/user/node/storage", 1), "StorageActor", ActorState.Running, 0, 100, TimeSpan.Zero, 7,
        0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, null, null, null, [], [], Verdict.Healthy);

    private static readonly BreakerSnapshot Open = new(
        "disk", BreakerState.Open, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(1), 1, 40,
        "IOException: no space");

    [Fact]
    public void A_part_that_works_is_healthy_and_says_what_it_does()
    {
        Finding finding = PartJudge.Judge(Well, failures: null, Window);

        Assert.Equal(("/user/node/storage", "running", Verdict.Healthy), (finding.Name, finding.Code, finding.Verdict));
        Assert.Null(finding.Recommendation);
    }

    public static TheoryData<string, string> Reasons { get; } = new()
    {
        { "breaker_open", "9 s" },
        { "backoff", "3 times" },
        { "late", "12 messages" },
        { "stuck", "12 messages" },
        { "mailbox_high", "80 of 100" },
        { "gave_up", "/user/node/storage" },
        { "holds_thread", "/user/node/storage" },
        { "abandoned", "/user/node/storage" },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Each_reason_has_a_code_a_figure_and_a_recommendation_that_names_the_actor(string code, string figure)
    {
        ActorSnapshot ill = Well with { Own = Verdict.Degraded };
        ill = code switch
        {
            "breaker_open" => ill with { Breakers = [Open] },
            "backoff" => ill with { State = ActorState.Backoff, FailuresInWindow = 3 },
            "late" => ill with { OldestMessageAge = TimeSpan.FromSeconds(20), Depth = 12 },
            "stuck" => ill with { OldestMessageAge = TimeSpan.FromSeconds(70), Depth = 12 },
            "mailbox_high" => ill with { Depth = 80 },
            "gave_up" => ill with { GaveUpAt = DateTimeOffset.UnixEpoch },
            "holds_thread" => ill with { HoldingFor = TimeSpan.FromSeconds(2) },
            _ => ill with { State = ActorState.Abandoned },
        };
        ActorSnapshot parent = Well with
        {
            Path = new ActorPath("sigma", "/user/node/parts", 2), Children = [Well, ill],
        };

        Finding finding = PartJudge.Judge(parent, failures: null, Window);

        Assert.Equal(code, finding.Code);
        Assert.Equal(code == "stuck" ? Verdict.Unhealthy : Verdict.Degraded, finding.Verdict);
        Assert.Contains("/user/node/storage", finding.Recommendation);
        Assert.Contains(figure, finding.Detail + finding.Recommendation);
    }

    [Fact]
    public void A_handler_that_holds_its_thread_for_a_moment_does_not_turn_the_verdict()
    {
        ActorSnapshot moment = Well with { Own = Verdict.Degraded, HoldingFor = TimeSpan.FromMilliseconds(300) };

        Assert.Equal(Verdict.Healthy, PartJudge.Judge(moment, failures: null, Window).Verdict);
    }

    [Fact]
    public void Failures_that_were_treated_within_limits_count_only_when_they_are_many()
    {
        PartFailures few = new(9, "Exception: why", DateTimeOffset.UnixEpoch);

        Assert.Equal(Verdict.Healthy, PartJudge.Judge(Well, few, Window).Verdict);
        Assert.Equal(
            ("failures", Verdict.Degraded),
            (PartJudge.Judge(Well, few with { InWindow = 10 }, Window).Code,
                PartJudge.Judge(Well, few with { InWindow = 10 }, Window).Verdict));
    }
}
