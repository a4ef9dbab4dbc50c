using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace SigmaComms.Consensus.Tests.Models;

/// <summary>The Promela models in docs/specs/consensus, searched by Spin.</summary>
public sealed partial class ModelTests(ModelRun run, ITestOutputHelper output) : IClassFixture<ModelRun>
{
    [ModelTheory]
    [InlineData("safety-2-views-fsync")]
    [InlineData("safety-3-views")]
    public async Task Two_blocks_that_are_final_lie_on_one_chain_whatever_is_lost_or_restarted(string model) =>
        await EndsAsync(model, "holds");

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
    public async Task Leaving_out_a_rule_of_safety_ends_in_a_fork(string model) =>
        await EndsAsync(model, "caught");

    [ModelTheory]
    [InlineData("leaving")]
    [InlineData("calm")]
    [InlineData("idle")]
    [InlineData("pacemaker")]
    public async Task Every_view_is_left_and_a_calm_one_with_an_honest_leader_is_final(string model) =>
        await EndsAsync(model, "holds");

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
        await EndsAsync(model, "caught");

    [ModelTheory]
    [InlineData("epochs")]
    public async Task Two_epochs_never_finalize_two_blocks_of_one_height_and_every_member_starts(string model) =>
        await EndsAsync(model, "holds");

    [ModelTheory]
    [InlineData("epochs-started-when-notarized")]
    [InlineData("epochs-closing-blocks-counted")]
    [InlineData("epochs-left-early")]
    public async Task Leaving_out_a_rule_of_the_hand_over_is_caught(string model) =>
        await EndsAsync(model, "caught");

    [Fact]
    public void Every_model_of_the_script_is_a_test_and_every_test_a_model_of_the_script()
    {
        string root = ModelRun.Root();
        string script = File.ReadAllText(Path.Combine(root, "tests", "tools", "spin-models.sh"));

        IEnumerable<string> rows = Rows().Matches(script).Select(match => $"{match.Groups[1]} {match.Groups[2]}");

        Assert.Equal(Tested().Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Tested()
    {
        foreach (System.Reflection.MethodInfo method in typeof(ModelTests).GetMethods())
        {
            foreach (object row in method.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false))
            {
                object model = ((InlineDataAttribute)row).GetData(method).Single()[0];
                yield return $"{model} {(method.Name.StartsWith("Leaving_out", StringComparison.Ordinal) ? "caught" : "holds")}";
            }
        }
    }

    private async Task EndsAsync(string model, string expected)
    {
        string line = await run.LineOfAsync(model);

        output.WriteLine(line);
        Assert.StartsWith(expected + " ", line, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^([a-z0-9-]+)\|\w+\|(holds|caught)\|", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
