using Xunit.Abstractions;

namespace SigmaComms.Consensus.Tests.Models;

/// <summary>The Promela models of safety and of the hand-over between epochs, searched by Spin.</summary>
public sealed class SafetyModelTests(ITestOutputHelper output)
{
    [ModelTheory]
    [InlineData("safety-2-views-fsync")]
    [InlineData("safety-3-views")]
    [InlineData("safety-runs")]
    public async Task Two_blocks_that_are_final_lie_on_one_chain_whatever_is_lost_or_restarted(string model) =>
        await ModelRun.EndsAsync(model, "holds", output);

    [ModelTheory]
    [InlineData("finalize-after-nullify")]
    [InlineData("nullify-after-finalize")]
    [InlineData("nullify-record-lost")]
    [InlineData("notarize-record-lost")]
    [InlineData("finalize-record-lost")]
    [InlineData("skipped-views-unchecked")]
    [InlineData("parent-unchecked")]
    [InlineData("sent-before-fsync")]
    [InlineData("two-byzantine")]
    [InlineData("run-without-proof")]
    [InlineData("run-of-one-voter")]
    public async Task Leaving_out_a_rule_of_safety_ends_in_a_fork(string model) =>
        await ModelRun.EndsAsync(model, "caught", output);

    [ModelTheory]
    [InlineData("epochs")]
    public async Task Two_epochs_never_finalize_two_blocks_of_one_height_and_every_member_starts(string model) =>
        await ModelRun.EndsAsync(model, "holds", output);

    [ModelTheory]
    [InlineData("epochs-started-when-notarized")]
    [InlineData("epochs-closing-blocks-counted")]
    [InlineData("epochs-left-early")]
    public async Task Leaving_out_a_rule_of_the_hand_over_is_caught(string model) =>
        await ModelRun.EndsAsync(model, "caught", output);
}
