using Xunit.Abstractions;

namespace SigmaComms.Consensus.Tests.Models;

/// <summary>The Promela models of liveness, searched by Spin.</summary>
public sealed class LivenessModelTests(ITestOutputHelper output)
{
    [ModelTheory]
    [InlineData("leaving")]
    [InlineData("calm")]
    [InlineData("idle")]
    [InlineData("pacemaker")]
    public async Task Every_view_is_left_and_a_calm_one_with_an_honest_leader_is_final(string model) =>
        await ModelRun.EndsAsync(model, "holds", output);

    [ModelTheory]
    [InlineData("leaving-without-forwarding")]
    [InlineData("leaving-without-repeated-votes")]
    [InlineData("leaving-with-lost-view-entry")]
    [InlineData("leaving-with-finalize-before-entry")]
    [InlineData("calm-without-forwarding")]
    [InlineData("calm-without-pulled-notarizations")]
    [InlineData("calm-without-pulled-nullifications")]
    [InlineData("calm-without-pulled-blocks")]
    [InlineData("calm-with-late-durable-blocks")]
    [InlineData("idle-without-repeated-commands")]
    [InlineData("idle-without-answers")]
    [InlineData("idle-when-only-notarized")]
    [InlineData("pacemaker-reset-when-notarized")]
    public async Task Leaving_out_a_rule_of_liveness_ends_in_a_standstill(string model) =>
        await ModelRun.EndsAsync(model, "caught", output);
}
